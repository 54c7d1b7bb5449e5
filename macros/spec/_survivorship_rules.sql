{# The survivorship rules that a field may name. docs/serve.md describes them. #}
{% macro _survivorship_rules() %}
    {{- return(['most_frequent', 'most_recent', 'longest', 'source_priority']) -}}
{% endmacro %}
