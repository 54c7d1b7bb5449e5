{#
    int_<entity>__keyed_records, one row per record: everything that block and compare read of it, under its integer key. For
    each field the value, how rare it is, the keys derived from it, and its words as integers. What is derived is computed
    once per distinct value. With `new`, the same of records that are not in the tables: relations by name, `records`,
    `record_keys`, `value_counts` and `token_counts`, with the columns of those that the model reads. Each represents itself.
    With `incremental: true` only records that are new or differ from the last build are read.
#}
{% macro keyed_records(entity_name, new=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- if new or not spec.incremental -%}
{{ dbt_dedup._keyed_records_of(entity_name, new) }}
{%- else -%}
{%- do config(
    materialized='dedup_incremental', unique_key='record_key',
    pre_hook="{{ dbt_dedup._delete_gone_keys('" ~ entity_name ~ "') }}"
) -%}
{%- set sql = dbt_dedup._keyed_records_of(entity_name, changed='<changed records>') -%}
{%- set definition = dbt_dedup._definition(spec, sql, dbt_dedup._counted_by(entity_name)) -%}
{{ sql | replace('<changed records>', dbt_dedup._changed_records(spec, definition)) }}
{%- endif -%}
{% endmacro %}
