{# The first occurrence of a regular expression, null where there is none. #}
{% macro extract_pattern(text, pattern, group=0) %}
    {{- return(adapter.dispatch('extract_pattern', 'dbt_dedup')(text, pattern, group)) -}}
{% endmacro %}

{% macro duckdb__extract_pattern(text, pattern, group) %}
    {{- return("nullif(regexp_extract(" ~ text ~ ", " ~ dbt_dedup._duckdb_pattern(pattern) ~ ", " ~ group ~ "), '')") -}}
{% endmacro %}

{% macro default__extract_pattern(text, pattern, group) %}
    {{- dbt_dedup.unsupported('extract_pattern') -}}
{% endmacro %}
