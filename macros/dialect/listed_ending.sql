{#
    The longest entry of a reference list with which a clean text ends, null where there is none. `map` is a
    lookup map from the last word of an entry to all entries with this last word, the longest first (see lookup_map).
#}
{% macro listed_ending(text, map) %}
    {{- return(adapter.dispatch('listed_ending', 'dbt_dedup')(text, map)) -}}
{% endmacro %}

{% macro duckdb__listed_ending(text, map) %}
    {{- return("list_filter(
    " ~ map ~ "[string_split(" ~ text ~ ", ' ')[-1]],
    lambda listed: ends_with(' ' || " ~ text ~ ", ' ' || listed)
)[1]") -}}
{% endmacro %}

{% macro default__listed_ending(text, map) %}
    {{- dbt_dedup.unsupported('listed_ending') -}}
{% endmacro %}
