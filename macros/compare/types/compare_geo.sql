{#
    Coordinates: agreement, distance, and how rare the shared coordinates are. The distance is on a log scale because its
    meaning is: 20 and 40 metres are both readings of one door, 20 and 40 kilometres are both another place.
#}
{% macro compare_geo(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'log_metres', dbt_dedup.log_metres(f),
            'metres between the two places along a great circle, as log2(1 + metres)', direction=-1
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
