{#
    Coordinates: agreement, distance, and how rare the shared coordinates are. The distance is on a log scale because its
    meaning is: 20 or 40 metres are two readings of one door, 20 or 40 kilometres two other places.
#}
{% macro compare_geo(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'log_metres', dbt_dedup.log_metres(f),
            'log2(1 + metres between the two places along a great circle)', direction=-1
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
