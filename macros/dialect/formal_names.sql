{#
    The formal given names that the first word of a name may stand for, itself among them, as a list. `map` is a lookup map
    from nickname to formal names (see lookup_map).
#}
{% macro formal_names(word, map) %}
    {{- return(adapter.dispatch('formal_names', 'dbt_dedup')(word, map)) -}}
{% endmacro %}

{% macro duckdb__formal_names(word, map) %}
    {{- return(
        "case when " ~ word ~ " is not null then list_sort(list_distinct(\n    list_concat([" ~ word ~ "], " ~ map ~ "[" ~ word
        ~ "])\n), 'ASC', 'NULLS LAST') end"
    ) -}}
{% endmacro %}

{% macro default__formal_names(word, map) %}
    {{- dbt_dedup.unsupported('formal_names') -}}
{% endmacro %}
