{# A whole number from 0 to 2^48 - 1 that stands for a word: the same on every engine and in every build (part of its MD5). #}
{% macro word_number(word) %}
    {{- return(adapter.dispatch('word_number', 'dbt_dedup')(word)) -}}
{% endmacro %}

{% macro duckdb__word_number(word) %}
    {{- return("cast(md5_number_lower(" ~ word ~ ") % 281474976710656 as bigint)") -}}
{% endmacro %}

{% macro default__word_number(word) %}
    {{- dbt_dedup.unsupported('word_number') -}}
{% endmacro %}
