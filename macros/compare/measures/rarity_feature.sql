{# The feature `rarity` of a field; `alike` as in rarity_of_agreement. #}
{% macro rarity_feature(field, alike=none) %}
    {{- return(dbt_dedup.feature(
        'rarity', dbt_dedup.rarity_of_agreement(field, alike), 'rarity in bits of the value that both share, 0 if the values differ',
        drift=1
    )) -}}
{% endmacro %}
