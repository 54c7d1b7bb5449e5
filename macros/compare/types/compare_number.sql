{# Numbers: agreement, and difference relative to the larger one. #}
{% macro compare_number(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'closeness', dbt_dedup.relative_closeness(f), '1 - |difference| / the larger absolute value, from 0 to 1'
        ),
    ]) -}}
{% endmacro %}
