{# Postcodes: the whole, the area, typing errors, and how rare the shared code is. #}
{% macro compare_postcode(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.same_feature('area', f ~ '__area', 'the postal areas'),
        dbt_dedup.edit_feature(f),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
