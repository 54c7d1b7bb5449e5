{# The formal given names a name may stand for, itself among them (reference list dedup_nicknames). #}
{% macro formal_names(name) %}
    {{- return(adapter.dispatch('formal_names', 'dbt_dedup')(name)) -}}
{% endmacro %}

{% macro duckdb__formal_names(name) %}
    {%- set first = dbt_dedup.extract_pattern(name, '^[^ ]+') -%}
    {{- return(
        "case when " ~ name ~ " is not null then "
        ~ dbt_dedup.distinct_items("list_concat([" ~ first ~ "], nicknames.entries[" ~ first ~ "])") ~ " end"
    ) -}}
{% endmacro %}

{% macro default__formal_names(name) %}
    {{- dbt_dedup.unsupported('formal_names') -}}
{% endmacro %}
