{# What a golden record shows of a value: the text as it was meant (see readable_text), without doubled spaces. #}
{% macro shown_as_written(field_name) %}
    {{- return(dbt_dedup.replace_pattern(dbt_dedup.readable_text(field_name ~ '__original'), '\\s+', ' ')) -}}
{% endmacro %}
