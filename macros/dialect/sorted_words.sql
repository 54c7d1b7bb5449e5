{# The words of a clean text in alphabetical order. #}
{% macro sorted_words(text) %}
    {{- return(adapter.dispatch('sorted_words', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__sorted_words(text) %}
    {{- return("array_to_string(list_sort(string_split(" ~ text ~ ", ' '), 'ASC', 'NULLS LAST'), ' ')") -}}
{% endmacro %}

{% macro default__sorted_words(text) %}
    {{- dbt_dedup.unsupported('sorted_words') -}}
{% endmacro %}
