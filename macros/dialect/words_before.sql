{#
    A clean text without the words at its end that are keys of a lookup map, or that join such words ("& Co. KG"); null where
    none is left. The same words elsewhere stay: "as" ends a Norwegian company's name and begins a Roman football club's.
#}
{% macro words_before(text, map) %}
    {{- return(adapter.dispatch('words_before', 'dbt_dedup')(text, map)) -}}
{% endmacro %}

{% macro duckdb__words_before(text, map) %}
    {%- set words = "string_split(" ~ text ~ ", ' ')" -%}
    {%- set last_word = "list_position(list_transform(list_reverse(" ~ words ~ "), lambda word: " ~ map
        ~ "[word] is null and word not in ('and', 'und', 'et', 'y', 'e')), true)" -%}
    {{- return("nullif(array_to_string(" ~ words ~ "[1:len(" ~ words ~ ") + 1 - " ~ last_word ~ "], ' '), '')") -}}
{% endmacro %}

{% macro default__words_before(text, map) %}
    {{- dbt_dedup.unsupported('words_before') -}}
{% endmacro %}
