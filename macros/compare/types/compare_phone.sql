{# Phone numbers: the whole, the last seven digits, typing errors, and how rare the shared number is. #}
{% macro compare_phone(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.same_feature('suffix', f ~ '__last7', 'the last seven digits'),
        dbt_dedup.edit_feature(f),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
