{# Given names: spelling, nickname, initial, and how rare the shared name is. Names of two people are not alike in anything. #}
{% macro compare_given_name(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.same_name_feature(f),
    ] + dbt_dedup.one_where(dbt_dedup.same_name(f), dbt_dedup.zero_where(dbt_dedup.two_given_names(f), [
        dbt_dedup.name_similarity_feature('jaro_winkler', f),
        dbt_dedup.edit_feature(f),
        dbt_dedup.same_feature('initial', f ~ '__initial', 'the first letters'),
    ]) + [
        dbt_dedup.nickname_feature(f),
        dbt_dedup.contains_feature(f),
    ]) + [
        dbt_dedup.rarity_feature(f, dbt_dedup.same_name(f)),
    ]) -}}
{% endmacro %}
