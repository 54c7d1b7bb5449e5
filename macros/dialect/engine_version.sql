{# SQL of the version of the engine, a text. #}
{% macro engine_version() %}
    {{- return(adapter.dispatch('engine_version', 'dbt_dedup')()) -}}
{% endmacro %}

{% macro duckdb__engine_version() %}
    {{- return('version()') -}}
{% endmacro %}

{% macro default__engine_version() %}
    {{- dbt_dedup.unsupported('engine_version') -}}
{% endmacro %}
