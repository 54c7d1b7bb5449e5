{# The distinct words of a clean text that hold a digit, in order. #}
{% macro words_with_digits(text) %}
    {{- return(adapter.dispatch('words_with_digits', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__words_with_digits(text) %}
    {{- return("list_sort(list_distinct(list_filter(
    string_split(" ~ text ~ ", ' '),
    lambda word: regexp_matches(word, '[0-9]')
)), 'ASC', 'NULLS LAST')") -}}
{% endmacro %}

{% macro default__words_with_digits(text) %}
    {{- dbt_dedup.unsupported('words_with_digits') -}}
{% endmacro %}
