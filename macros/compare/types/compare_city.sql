{# Cities and other places: spelling, and how rare the shared place is. #}
{% macro compare_city(field) %}
    {%- set f = field.name -%}
    {{- return(dbt_dedup.spelling_features(f) + [
        dbt_dedup.contains_feature(f),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
