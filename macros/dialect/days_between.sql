{# Whole days from one date to another. #}
{% macro days_between(first, second) %}
    {{- return(adapter.dispatch('days_between', 'dbt_dedup')(first, second)) -}}
{% endmacro %}

{#- dbt's own macro casts both dates to timestamps -#}
{% macro duckdb__days_between(first, second) %}
    {{- return("date_diff('day', " ~ first ~ ", " ~ second ~ ")") -}}
{% endmacro %}

{% macro default__days_between(first, second) %}
    {{- return(dbt.datediff(first, second, 'day')) -}}
{% endmacro %}
