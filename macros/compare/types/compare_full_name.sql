{# Full names in any order: spelling, words, initials, nickname, generation, and how rare the shared name is. #}
{% macro compare_full_name(field) %}
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
            'name': 'sorted_jaro_winkler',
            'direction': 1,
            'description': 'Jaro-Winkler similarity of the words in alphabetical order',
            'sql': dbt_dedup.name_similarity('l.' ~ f ~ '__sorted', 'r.' ~ f ~ '__sorted'),
        },
        {
            'name': 'initials',
            'direction': 1,
            'description': '1 where the initials of all words are equal',
            'sql': dbt_dedup.same(f ~ '__initials'),
        },
        {
            'name': 'last_jaro_winkler',
            'direction': 1,
            'description': 'Jaro-Winkler similarity of the last words',
            'sql': dbt_dedup.name_similarity('l.' ~ f ~ '__last', 'r.' ~ f ~ '__last'),
        },
        {
            'name': 'nickname',
            'direction': 1,
            'description': '1 where both first words may stand for one formal name',
            'sql': dbt_dedup.item_in_common(f ~ '__canonical'),
        },
        {
            'name': 'generation',
            'direction': 1,
            'description': '1 where junior, senior, iii agree, 0 where they differ, one half where only one side has any',
            'sql': dbt_dedup.generation_agreement(f),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
