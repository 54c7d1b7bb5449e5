{# Every occurrence of a regular expression (RE2 syntax) replaced. #}
{% macro replace_pattern(text, pattern, replacement) %}
    {{- return(adapter.dispatch('replace_pattern', 'dbt_dedup')(text, pattern, replacement)) -}}
{% endmacro %}

{% macro duckdb__replace_pattern(text, pattern, replacement) %}
    {{- return("regexp_replace(" ~ text ~ ", " ~ dbt_dedup._duckdb_pattern(pattern) ~ ", '" ~ replacement ~ "', 'g')") -}}
{% endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) %}
    {{- dbt_dedup.unsupported('replace_pattern') -}}
{% endmacro %}
