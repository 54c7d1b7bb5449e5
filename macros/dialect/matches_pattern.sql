{# Whether the regular expression occurs anywhere in the text. #}
{% macro matches_pattern(text, pattern) %}
    {{- return(adapter.dispatch('matches_pattern', 'dbt_dedup')(text, pattern)) -}}
{% endmacro %}

{% macro duckdb__matches_pattern(text, pattern) %}
    {{- return("regexp_matches(" ~ text ~ ", " ~ dbt_dedup._duckdb_pattern(pattern) ~ ")") -}}
{% endmacro %}

{% macro default__matches_pattern(text, pattern) %}
    {{- dbt_dedup.unsupported('matches_pattern') -}}
{% endmacro %}
