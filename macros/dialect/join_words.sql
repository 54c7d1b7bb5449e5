{# A list of words as one text, null where the list is empty. #}
{% macro join_words(words) %}
    {{- return(adapter.dispatch('join_words', 'dbt_dedup')(words)) -}}
{% endmacro %}

{% macro duckdb__join_words(words) %}
    {{- return("nullif(array_to_string(" ~ words ~ ", ' '), '')") -}}
{% endmacro %}

{% macro default__join_words(words) %}
    {{- dbt_dedup.unsupported('join_words') -}}
{% endmacro %}
