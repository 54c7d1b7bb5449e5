{#
    Free text and titles: spelling of the beginning, words weighted by rarity, numbers, character trigrams, length.
    The trigrams and the beginning are of the first characters only: see compared_characters in method_constants.
#}
{% macro compare_text(field) %}
    {%- set f = field.name -%}
    {%- set longest = dbt_dedup.method_constants().compared_characters -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.name_similarity_feature('jaro_winkler', f ~ '__beginning', 'the first ' ~ longest ~ ' characters'),
        dbt_dedup.edit_feature(f, f ~ '__beginning'),
        dbt_dedup.same_feature('first_word', f ~ '__first', 'the first words'),
        dbt_dedup.list_overlap_feature('numbers', f ~ '__numbers', 'numbers (words with a digit, Roman numerals)'),
        dbt_dedup.unshared_items_feature('unshared_numbers', f ~ '__numbers', 'numbers (words with a digit, Roman numerals)'),
        dbt_dedup.list_overlap_feature('ngrams', f ~ '__ngrams', 'character trigrams of the first ' ~ longest ~ ' characters'),
        dbt_dedup.feature(
            'length', dbt_dedup.length_ratio(f), 'length of the shorter text / length of the longer, from 0 to 1'
        ),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
