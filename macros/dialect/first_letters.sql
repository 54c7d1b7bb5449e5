{# The first letters of the words of a clean text, in order, as one text. #}
{% macro first_letters(text) %}
    {{- return(adapter.dispatch('first_letters', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__first_letters(text) %}
    {{- return("array_to_string(list_transform(
    string_split(" ~ text ~ ", ' '),
    lambda word: word[1]
), '')") -}}
{% endmacro %}

{% macro default__first_letters(text) %}
    {{- dbt_dedup.unsupported('first_letters') -}}
{% endmacro %}
