{# The list of the words of a text that is already clean (single spaces). #}
{% macro split_words(text) %}
    {{- return(adapter.dispatch('split_words', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__split_words(text) %}
    {{- return("string_split(" ~ text ~ ", ' ')") -}}
{% endmacro %}

{% macro default__split_words(text) %}
    {{- dbt_dedup.unsupported('split_words') -}}
{% endmacro %}
