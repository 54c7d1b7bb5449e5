{#
    Whether a model with `incremental: true` can go on from the rows that it has: the table is there with a column
    that only such a model has,
    and no full refresh was asked for. What the rows were made from is in row_hash itself: see _definition.
#}
{% macro _kept_rows(column='row_hash') %}
    {%- if not execute or should_full_refresh() -%}{{- return(false) -}}{%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is none or existing.type != 'table' -%}{{- return(false) -}}{%- endif -%}
    {{- return(column in adapter.get_columns_in_relation(existing) | map(attribute='name') | list) -}}
{% endmacro %}
