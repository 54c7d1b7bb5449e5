{# The feature `rarity` of a field. #}
{% macro rarity_feature(field) %}
    {{- return(dbt_dedup.feature(
        'rarity', dbt_dedup.rarity_of_agreement(field), 'rarity in bits of the value both share, 0 where they differ',
        drift=1
    )) -}}
{% endmacro %}
