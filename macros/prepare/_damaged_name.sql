{# The problem of a name in which a question mark has the place of a letter (`M?ller`). #}
{% macro _damaged_name(field_name) %}
    {{- return({'name': 'damaged_letters', 'when': dbt_dedup.matches_pattern(field_name ~ '__original', '\\p{L}[?]+\\p{L}')}) -}}
{% endmacro %}
