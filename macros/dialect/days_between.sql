{# Whole days from one date to another. #}
{% macro days_between(first, second) %}
    {{- return(adapter.dispatch('days_between', 'dbt_dedup')(first, second)) -}}
{% endmacro %}

{% macro duckdb__days_between(first, second) %}
    {{- return("date_diff('day', " ~ first ~ ", " ~ second ~ ")") -}}
{% endmacro %}

{% macro default__days_between(first, second) %}
    {{- dbt_dedup.unsupported('days_between') -}}
{% endmacro %}
