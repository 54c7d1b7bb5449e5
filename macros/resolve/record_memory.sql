{#
    int_<entity>__record_memory, one row per record of the last build: what <entity>_history_issues compares the next build with.
    `<field>__hash` is that of a field as written, without case. Made behind it, so that a killed build forgets nothing.
    With `incremental: true` only records are hashed that are new or differ from the last build.
#}
{% macro record_memory(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- if not spec.incremental -%}
{{ dbt_dedup._record_memory_of(entity_name) }}
{%- else -%}
{%- do config(materialized='dedup_incremental', unique_key='record_id', pre_hook=[
    "{{ dbt_dedup._delete_gone_keys('" ~ entity_name ~ "') }}",
    "{{ dbt_dedup._mark_run() }}",
]) -%}
{%- set definition = dbt_dedup._definition(spec, dbt_dedup._record_memory_of(entity_name) | replace(invocation_id, '')) -%}
{{ dbt_dedup._record_memory_of(entity_name, definition) }}
{%- endif -%}
{% endmacro %}
