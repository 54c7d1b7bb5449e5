{# log2(1 + metres between two places): 0 for the same place, about 6.7 for 100 metres, 10 for one kilometre, 20 for a thousand. #}
{% macro log_metres(field) %}
    {{- return("log2(1.0 + 1000 * " ~ dbt_dedup.distance_km(field) ~ ")") -}}
{% endmacro %}
