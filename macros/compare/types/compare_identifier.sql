{# Identifiers: the whole, typing errors, the last four characters, and how rare the shared identifier is. #}
{% macro compare_identifier(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f, 'r.' ~ f),
            '1 - edit distance / length of the longer value, over the first 100 characters'
        ),
        dbt_dedup.feature('suffix', dbt_dedup.same(f ~ '__last4'), '1 where the last four characters are equal'),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
