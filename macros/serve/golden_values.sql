{#
    int_<entity>__golden_values, one row per entity: each value chosen among the entity's records by the survivorship rule of its
    field, as a person reads it, with the id of the record it comes from (<field>__record_id). An entity of one record needs no
    choice, and values are made readable last, when they are chosen. A pinned value takes the place of the chosen one.
    With `incremental: true` only entities are read whose records or pins are others than in the last build.
#}
{% macro golden_values(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- do dbt_dedup._allow_many_fields(spec) -%}
{%- if not spec.incremental -%}
{{ dbt_dedup._golden_values_of(entity_name) }}
{%- else -%}
{%- do config(
    materialized='dedup_incremental', unique_key='entity_id',
    pre_hook="{{ dbt_dedup._delete_gone_entities('" ~ entity_name ~ "') }}"
) -%}
{%- set sql = dbt_dedup._golden_values_of(entity_name, '<changed entities>') -%}
{%- set definition = dbt_dedup._definition(spec, sql, dbt_dedup._counted_by(entity_name)) -%}
{{ sql | replace('<changed entities>', dbt_dedup._changed_entities(spec, definition)) }}
{%- endif -%}
{% endmacro %}
