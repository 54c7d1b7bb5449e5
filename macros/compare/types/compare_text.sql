{# Free text and titles: spelling of the beginning, words weighed by rarity, words with digits, character trigrams, length. #}
{% macro compare_text(field) %}
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
            'description': 'Jaro-Winkler similarity of the first 100 characters',
            'sql': dbt_dedup.name_similarity('l.' ~ f ~ '__beginning', 'r.' ~ f ~ '__beginning'),
        },
        {
            'name': 'edit',
            'direction': 1,
            'description': '1 - edit distance / longer length, over the first 100 characters',
            'sql': dbt_dedup.edit_similarity('l.' ~ f ~ '__beginning', 'r.' ~ f ~ '__beginning'),
        },
        {
            'name': 'first_word',
            'direction': 1,
            'description': '1 where the first words are equal',
            'sql': dbt_dedup.same(f ~ '__first'),
        },
        {
            'name': 'numbers',
            'direction': 1,
            'description': 'overlap of the words that hold a digit',
            'sql': dbt_dedup.list_overlap(f ~ '__numbers'),
        },
        {
            'name': 'unshared_numbers',
            'direction': -1,
            'description': 'number of words with a digit that only one side has',
            'sql': dbt_dedup.unshared_items(f ~ '__numbers'),
        },
        {
            'name': 'ngrams',
            'direction': 1,
            'description': 'overlap of the character trigrams of the first 100 characters',
            'sql': dbt_dedup.list_overlap(f ~ '__ngrams'),
        },
        {
            'name': 'length',
            'direction': 1,
            'description': 'length of the shorter text divided by that of the longer',
            'sql': dbt_dedup.length_ratio(f),
        },
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
