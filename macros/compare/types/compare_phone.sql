{# Phone numbers: the whole, the last seven digits, typing errors, and how rare the shared number is. #}
{% macro compare_phone(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('suffix', dbt_dedup.same(f ~ '__last7'), '1 where the last seven digits are equal'),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f, 'r.' ~ f),
            '1 - edit distance / length of the longer value, over the first 100 characters'
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
