{# A whole number from 0 to 2^64 - 1 that follows from a text alone: the same in every build (half of its MD5). #}
{% macro text_number(text) %}
    {{- return(adapter.dispatch('text_number', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__text_number(text) %}
    {{- return("md5_number_lower(" ~ text ~ ")") -}}
{% endmacro %}

{% macro default__text_number(text) %}
    {{- dbt_dedup.unsupported('text_number') -}}
{% endmacro %}
