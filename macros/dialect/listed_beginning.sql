{#
    The longest entry of a reference list with which a clean text begins, null where there is none. `map` is a
    lookup map from the first word of an entry to all entries with this first word, the longest first (see lookup_map). An entry
    in capitals counts where the text as written, `original`, begins with it and is not all in capitals, and `ending` is null.
#}
{% macro listed_beginning(text, original, ending, map) %}
    {{- return(adapter.dispatch('listed_beginning', 'dbt_dedup')(text, original, ending, map)) -}}
{% endmacro %}

{% macro duckdb__listed_beginning(text, original, ending, map) %}
    {{- return("list_filter(
    " ~ map ~ "[split_part(" ~ text ~ ", ' ', 1)],
    lambda listed: starts_with(" ~ text ~ " || ' ', listed || ' ')
        or (starts_with(" ~ original ~ ", listed || ' ') and " ~ original ~ " <> upper(" ~ original ~ ") and " ~ ending ~ " is null)
)[1]") -}}
{% endmacro %}

{% macro default__listed_beginning(text, original, ending, map) %}
    {{- dbt_dedup.unsupported('listed_beginning') -}}
{% endmacro %}
