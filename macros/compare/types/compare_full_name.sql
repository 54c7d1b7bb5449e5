{# Full names in any order: spelling, words, initials, nickname, generation, and how rare the shared name is. Names of two people are not alike as wholes. #}
{% macro compare_full_name(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.same_name_feature(f),
    ] + dbt_dedup.one_where(dbt_dedup.same_name(f), dbt_dedup.zero_where(dbt_dedup.two_given_names(f), [
        dbt_dedup.name_similarity_feature('jaro_winkler', f),
        dbt_dedup.name_similarity_feature('sorted_jaro_winkler', f ~ '__sorted', 'the words in alphabetical order'),
    ]) + [
        dbt_dedup.same_feature('initials', f ~ '__initials', 'the initials of all words'),
        dbt_dedup.name_similarity_feature('last_jaro_winkler', f ~ '__last', 'the last words'),
        dbt_dedup.nickname_feature(f),
    ]) + [
        dbt_dedup.generation_feature(f),
        dbt_dedup.rarity_feature(f, dbt_dedup.same_name(f)),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
