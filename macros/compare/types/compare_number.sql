{# Numbers: agreement, and difference relative to the larger one. #}
{% macro compare_number(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'closeness',
            'direction': 1,
            'description': '1 - |difference| / the larger absolute value',
            'sql': dbt_dedup.relative_closeness(f),
        },
    ]) -}}
{% endmacro %}
