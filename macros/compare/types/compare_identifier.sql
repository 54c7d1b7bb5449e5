{# Identifiers: the whole, typing errors, the last four characters, and how rare the shared identifier is. #}
{% macro compare_identifier(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.edit_feature(f),
        dbt_dedup.same_feature('suffix', f ~ '__last4', 'the last four characters'),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
