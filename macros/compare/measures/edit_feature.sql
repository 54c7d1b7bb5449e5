{# The feature `edit` of a field, over its value or over another text column of it. #}
{% macro edit_feature(field, column=none) %}
    {%- set compared = column or field -%}
    {{- return(dbt_dedup.feature(
        'edit', dbt_dedup.edit_similarity('l.' ~ compared, 'r.' ~ compared),
        '1 - edit distance / length of the longer value, from 0 to 1, over the first '
        ~ dbt_dedup.method_constants().compared_characters ~ ' characters'
    )) -}}
{% endmacro %}
