{#
    1 where the whole text of one side (see whole_text), letters and digits only, contains the value of the other; 0 where it
    does not; null where neither side has a value and the other a text.
#}
{% macro stands_in_text(field, text) %}
    {%- set l, r = "'%' || l." ~ field ~ " || '%'", "'%' || r." ~ field ~ " || '%'" -%}
    {%- set l_text, r_text = 'l.' ~ text ~ '__squeezed', 'r.' ~ text ~ '__squeezed' -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ r_text ~ ' like ' ~ l ~ ' then 1.0',
        'when ' ~ l_text ~ ' like ' ~ r ~ ' then 1.0',
        'when ' ~ r_text ~ ' not like ' ~ l ~ ' then 0.0',
        'when ' ~ l_text ~ ' not like ' ~ r ~ ' then 0.0',
    ])) -}}
{% endmacro %}
