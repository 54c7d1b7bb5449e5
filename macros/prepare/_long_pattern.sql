{# A regular expression that is given in parts, each of which gets a line of its own in the compiled SQL. #}
{% macro _long_pattern(parts) %}
    {{- return(parts | join("'\n        || '")) -}}
{% endmacro %}
