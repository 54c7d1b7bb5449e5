{# The entry of a lookup map (see lookup_map) for a key, null where there is none. #}
{% macro lookup(map, key) %}
    {{- return(adapter.dispatch('lookup', 'dbt_dedup')(map, key)) -}}
{% endmacro %}

{% macro duckdb__lookup(map, key) %}
    {{- return(map ~ '[' ~ key ~ ']') -}}
{% endmacro %}

{% macro default__lookup(map, key) %}
    {{- dbt_dedup.unsupported('lookup') -}}
{% endmacro %}
