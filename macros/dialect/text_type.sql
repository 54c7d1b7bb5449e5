{# The engine's type for text, in lower case like the rest of the SQL. #}
{% macro text_type() %}
    {{- return(dbt.type_string() | lower) -}}
{% endmacro %}
