{#
    A clean name without the titles before it; null where no word is left. `map` is a lookup map from title to place (see
    lookup_map): a word whose place is `first` begins the titles, any listed word continues them. A name of titles alone stays.
#}
{% macro without_titles(name, map) %}
    {{- return(adapter.dispatch('without_titles', 'dbt_dedup')(name, map)) -}}
{% endmacro %}

{% macro duckdb__without_titles(name, map) %}
    {%- set words = "string_split(" ~ name ~ ", ' ')" -%}
    {{- return("nullif(case
    when " ~ map ~ "[split_part(" ~ name ~ ", ' ', 1)] = 'first'
        then array_to_string(" ~ words ~ "[coalesce(
            list_position(list_transform(" ~ words ~ ", lambda word: " ~ map ~ "[word] is null), true), 1
        ):], ' ')
    else " ~ name ~ "
end, '')") -}}
{% endmacro %}

{% macro default__without_titles(name, map) %}
    {{- dbt_dedup.unsupported('without_titles') -}}
{% endmacro %}
