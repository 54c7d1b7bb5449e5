{# Each word of a clean text replaced by its entry in a lookup map, where it has one; null where no word is left. #}
{% macro replace_words(text, map) %}
    {{- return(adapter.dispatch('replace_words', 'dbt_dedup')(text, map)) -}}
{% endmacro %}

{% macro duckdb__replace_words(text, map) %}
    {{- return("nullif(array_to_string(list_transform(
    string_split(" ~ text ~ ", ' '),
    lambda word: coalesce(" ~ map ~ "[word], word)
), ' '), '')") -}}
{% endmacro %}

{% macro default__replace_words(text, map) %}
    {{- dbt_dedup.unsupported('replace_words') -}}
{% endmacro %}
