{#
    stg_<entity>__records, one row per record of the input: for each field the text as written, the standardized value and the
    problem that emptied it; likewise the text of the whole record, where it is compared. Every value is a function of its own
    row. It is computed once per distinct text, in one chain of CTEs per field, because columns repeat their values. With
    `input`, the same of another relation with the columns of the input, without the time of the last change; with `field`, of
    one field only, without the text of the whole record.
    With `incremental: true` only records that are new or differ from the last build are read.
#}
{% macro stg_records(entity_name, input=none, field=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- if input -%}
{{ dbt_dedup._standardized_records(entity_name, input, field) }}
{%- elif field or not spec.incremental -%}
{%- do config(pre_hook="{{ dbt_dedup._check_input('" ~ entity_name ~ "') }}") -%}
{{ dbt_dedup._standardized_records(entity_name, field=field) }}
{%- else -%}
{%- do config(materialized='dedup_incremental', unique_key='record_id', pre_hook=[
    "{{ dbt_dedup._check_input('" ~ entity_name ~ "') }}",
    "{{ dbt_dedup._delete_gone_records('" ~ entity_name ~ "') }}",
]) -%}
{%- set sql = dbt_dedup._standardized_records(entity_name, read='<changed input>') -%}
{%- set definition = dbt_dedup._definition(spec, sql) -%}
{{ sql | replace('<changed input>', dbt_dedup._changed_input(spec, definition) | indent(4)) }}
{%- endif -%}
{% endmacro %}
