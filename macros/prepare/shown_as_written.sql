{# What a golden record shows of a value: the text as it was meant (see readable_text), without doubled spaces. #}
{% macro shown_as_written(field_name) %}
    {{- return(dbt_dedup.replace_pattern(field_name ~ '__meant', dbt_dedup._doubled_spaces(), ' ')) -}}
{% endmacro %}
