{# Street addresses: house number, street, words weighed by rarity, and how rare the shared address is. #}
{% macro compare_address(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'number',
            'direction': 1,
            'description': '1 where the house numbers are equal',
            'sql': dbt_dedup.same(f ~ '__number'),
        },
        {
            'name': 'street',
            'direction': 1,
            'description': 'Jaro-Winkler similarity of the streets without numbers',
            'sql': dbt_dedup.name_similarity('l.' ~ f ~ '__street', 'r.' ~ f ~ '__street'),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
