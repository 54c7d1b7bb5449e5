{#
    What a golden record shows of a name: the text as it was meant (see readable_text), without remarks in brackets, signs and doubled spaces;
    the standardized value where nothing is left.
#}
{% macro shown_without_remarks(field_name) %}
    {%- set shown = dbt_dedup.replace_patterns(
        field_name ~ '__meant', [['[(\\[][^)\\]]*([)\\]]|$)|[*#?]+[0-9]*', ''], ['\\s+', ' ']]
    ) -%}
    {{- return('coalesce(nullif(trim(' ~ shown ~ "), ''), " ~ field_name ~ ')') -}}
{% endmacro %}
