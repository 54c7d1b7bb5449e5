{# Categories: agreement, and how rare the shared category is. #}
{% macro compare_category(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
