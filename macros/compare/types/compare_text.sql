{# Free text and titles: spelling of the beginning, words weighed by rarity, words with digits, character trigrams, length. #}
{% macro compare_text(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'jaro_winkler', dbt_dedup.name_similarity('l.' ~ f ~ '__beginning', 'r.' ~ f ~ '__beginning'),
            'Jaro-Winkler similarity of the first 100 characters'
        ),
        dbt_dedup.feature(
            'edit', dbt_dedup.edit_similarity('l.' ~ f ~ '__beginning', 'r.' ~ f ~ '__beginning'),
            '1 - edit distance / longer length, over the first 100 characters'
        ),
        dbt_dedup.feature('first_word', dbt_dedup.same(f ~ '__first'), '1 where the first words are equal'),
        dbt_dedup.feature('numbers', dbt_dedup.list_overlap(f ~ '__numbers'), 'overlap of the words that hold a digit'),
        dbt_dedup.feature(
            'unshared_numbers', dbt_dedup.unshared_items(f ~ '__numbers'),
            'number of words with a digit that only one side has', direction=-1
        ),
        dbt_dedup.feature(
            'ngrams', dbt_dedup.list_overlap(f ~ '__ngrams'),
            'overlap of the character trigrams of the first 100 characters'
        ),
        dbt_dedup.feature(
            'length', dbt_dedup.length_ratio(f),
            'length of the shorter text divided by that of the longer'
        ),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
