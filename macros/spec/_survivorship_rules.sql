{# The survivorship rules that a field may name. docs/serve.md describes them. The first two join the variants of a value. #}
{% macro _survivorship_rules() %}
    {{- return(['consensus', 'current', 'most_frequent', 'most_recent', 'longest', 'source_priority']) -}}
{% endmacro %}
