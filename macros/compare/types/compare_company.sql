{# Organisation names: spelling, words weighed by rarity, acronyms, legal form, and how rare the shared name is. #}
{% macro compare_company(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'jaro_winkler',
            'direction': 1,
            'description': 'Jaro-Winkler similarity',
            'sql': dbt_dedup.name_similarity('l.' ~ f, 'r.' ~ f),
        },
        {
            'name': 'joined_jaro_winkler',
            'direction': 1,
            'description': 'Jaro-Winkler similarity of the names written as one word',
            'sql': dbt_dedup.name_similarity('l.' ~ f ~ '__joined', 'r.' ~ f ~ '__joined'),
        },
        {
            'name': 'acronym',
            'direction': 1,
            'description': '1 where one name is the initials of the other, or both are equal',
            'sql': dbt_dedup.acronym_agreement(f),
        },
        {
            'name': 'legal_form',
            'direction': 1,
            'description': '1 where the legal forms are equal',
            'sql': dbt_dedup.same(f ~ '__legal_form'),
        },
        {
            'name': 'ngrams',
            'direction': 1,
            'description': 'overlap of the character trigrams',
            'sql': dbt_dedup.list_overlap(f ~ '__ngrams'),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
