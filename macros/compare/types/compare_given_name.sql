{# Given names: spelling, nickname, initial, and how rare the shared name is. #}
{% macro compare_given_name(field) %}
    {%- set f = field.name -%}
    {{- return(dbt_dedup.spelling_features(f) + [
        dbt_dedup.feature(
            'nickname', dbt_dedup.item_in_common(f ~ '__canonical'),
            '1 where both may stand for one formal name'
        ),
        dbt_dedup.feature('initial', dbt_dedup.same(f ~ '__initial'), '1 where the first letters are equal'),
        dbt_dedup.contains_feature(f),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
