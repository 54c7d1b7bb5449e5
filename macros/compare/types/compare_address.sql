{# Street addresses: house number, street, words weighed by rarity, and how rare the shared address is. #}
{% macro compare_address(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('number', dbt_dedup.same(f ~ '__number'), '1 where the house numbers are equal'),
        dbt_dedup.feature(
            'street', dbt_dedup.name_similarity('l.' ~ f ~ '__street', 'r.' ~ f ~ '__street'),
            'Jaro-Winkler similarity of the streets without numbers'
        ),
        dbt_dedup.rarity_feature(f),
    ] + dbt_dedup.token_features(f)) -}}
{% endmacro %}
