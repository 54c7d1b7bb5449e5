{# Full names in any order: spelling, words, initials, nickname, generation, and how rare the shared name is. #}
{% macro compare_full_name(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('jaro_winkler', dbt_dedup.name_similarity('l.' ~ f, 'r.' ~ f), 'Jaro-Winkler similarity'),
        dbt_dedup.feature(
            'sorted_jaro_winkler', dbt_dedup.name_similarity('l.' ~ f ~ '__sorted', 'r.' ~ f ~ '__sorted'),
            'Jaro-Winkler similarity of the words in alphabetical order'
        ),
        dbt_dedup.feature('initials', dbt_dedup.same(f ~ '__initials'), '1 where the initials of all words are equal'),
        dbt_dedup.feature(
            'last_jaro_winkler', dbt_dedup.name_similarity('l.' ~ f ~ '__last', 'r.' ~ f ~ '__last'),
            'Jaro-Winkler similarity of the last words'
        ),
        dbt_dedup.feature(
            'nickname', dbt_dedup.item_in_common(f ~ '__canonical'),
            '1 where both first words may stand for one formal name'
        ),
        dbt_dedup.feature(
            'generation', dbt_dedup.generation_agreement(f),
            '1 where junior, senior, iii agree, 0 where they differ, one half where only one side has any'
        ),
        dbt_dedup.rarity_feature(f),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
