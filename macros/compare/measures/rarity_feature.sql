{# The feature `rarity` of a field. #}
{% macro rarity_feature(field) %}
    {{- return(dbt_dedup.feature(
        'rarity', dbt_dedup.rarity_of_agreement(field), 'rarity in bits of the value that both share, 0 if the values differ',
        drift=1
    )) -}}
{% endmacro %}
