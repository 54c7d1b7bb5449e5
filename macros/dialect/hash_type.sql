{# The type of what hash_values returns. #}
{% macro hash_type() %}
    {{- return(adapter.dispatch('hash_type', 'dbt_dedup')()) -}}
{% endmacro %}

{% macro duckdb__hash_type() %}
    {{- return("ubigint") -}}
{% endmacro %}

{% macro default__hash_type() %}
    {{- dbt_dedup.unsupported('hash_type') -}}
{% endmacro %}
