{#
    Before SQL of a thousand CTEs and more: lets the engine take it, where it has a limit of its own. A field takes about a dozen
    CTEs, and DuckDB counts each as a level of depth.
#}
{% macro allow_long_queries() %}
    {{- return(adapter.dispatch('allow_long_queries', 'dbt_dedup')()) -}}
{% endmacro %}

{% macro duckdb__allow_long_queries() %}
    {%- do run_query('set max_expression_depth to 10000') -%}
{% endmacro %}

{% macro default__allow_long_queries() %}
{% endmacro %}
