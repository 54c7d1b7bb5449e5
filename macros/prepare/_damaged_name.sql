{# The problem of a name in which a question mark has the place of a letter (`M?ller`). #}
{% macro _damaged_name(field_name) %}
    {%- set original = field_name ~ '__original' -%}
    {{- return({
        'name': 'damaged_letters',
        'when': original ~ " like '%?%' and " ~ dbt_dedup.matches_pattern(original, '\\p{L}[?]+\\p{L}'),
    }) -}}
{% endmacro %}
