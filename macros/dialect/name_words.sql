{#
    The words of a list up to the last that is neither a key of a lookup map nor one of the joining words, as one text; null
    where no word is left. Such words elsewhere stay: "as" ends a Norwegian company's name and begins a Roman football club's.
#}
{% macro name_words(words, map, joining) %}
    {{- return(adapter.dispatch('name_words', 'dbt_dedup')(words, map, joining)) -}}
{% endmacro %}

{% macro duckdb__name_words(words, map, joining) %}
    {{- return("nullif(array_to_string(
    " ~ words ~ "[1:len(" ~ words ~ ") + 1 - list_position(list_transform(
        list_reverse(" ~ words ~ "),
        lambda word: " ~ map ~ "[word] is null and word not in ('" ~ joining | join("', '") ~ "')
    ), true)], ' '
), '')") -}}
{% endmacro %}

{% macro default__name_words(words, map, joining) %}
    {{- dbt_dedup.unsupported('name_words') -}}
{% endmacro %}
