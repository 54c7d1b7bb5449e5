{# What a golden record shows of a value: the text as it was written, without doubled spaces. #}
{% macro shown_as_written(field_name) %}
    {{- return(dbt_dedup.replace_pattern(field_name ~ '__original', '\\s+', ' ')) -}}
{% endmacro %}
