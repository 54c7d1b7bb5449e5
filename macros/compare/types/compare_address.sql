{# Street addresses: house number, street, words weighted by rarity, and how rare the shared address is. #}
{% macro compare_address(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.same_feature('number', f ~ '__number', 'the house numbers'),
        dbt_dedup.name_similarity_feature('street', f ~ '__street', 'the streets without the house number'),
        dbt_dedup.rarity_feature(f),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
