{#
    1 where the value of one side, letters and digits only, stands in the whole text of the other (see whole_text), 0 where
    that is known not to be, null where no side has both.
#}
{% macro stands_in_text(field, text) %}
    {%- set l_inside = 'r.' ~ text ~ "__squeezed like '%' || l." ~ field ~ " || '%'" -%}
    {%- set r_inside = 'l.' ~ text ~ "__squeezed like '%' || r." ~ field ~ " || '%'" -%}
    {{- return(
        'case when ' ~ l_inside ~ ' or ' ~ r_inside ~ ' then 1.0 when not ' ~ l_inside ~ ' or not ' ~ r_inside ~ ' then 0.0 end'
    ) -}}
{% endmacro %}
