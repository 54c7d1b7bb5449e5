{# The words of a clean text that are no key of a lookup map, as one text; null where none is left. #}
{% macro words_outside(text, map) %}
    {{- return(adapter.dispatch('words_outside', 'dbt_dedup')(text, map)) -}}
{% endmacro %}

{% macro duckdb__words_outside(text, map) %}
    {{- return(
        "nullif(array_to_string(list_filter(string_split(" ~ text ~ ", ' '), lambda word: " ~ map ~ "[word] is null), ' '), '')"
    ) -}}
{% endmacro %}

{% macro default__words_outside(text, map) %}
    {{- dbt_dedup.unsupported('words_outside') -}}
{% endmacro %}
