{# Postcodes: the whole, the area, typing errors, and how rare the shared code is. #}
{% macro compare_postcode(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('area', dbt_dedup.same(f ~ '__area'), '1 where the postal areas are equal'),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f, 'r.' ~ f),
            '1 - edit distance / length of the longer value, over the first 100 characters'
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
