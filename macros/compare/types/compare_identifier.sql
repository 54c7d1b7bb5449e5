{# Identifiers: the whole, typing errors, the last four characters, and how rare the shared identifier is. #}
{% macro compare_identifier(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'edit',
            'direction': 1,
            'description': '1 - edit distance / length of the longer value, over the first 100 characters',
            'sql': dbt_dedup.edit_similarity('l.' ~ f, 'r.' ~ f),
        },
        {
            'name': 'suffix',
            'direction': 1,
            'description': '1 where the last four characters are equal',
            'sql': dbt_dedup.same(f ~ '__last4'),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ]) -}}
{% endmacro %}
