{#
    int_<entity>__entities, one row per record: the entity it belongs to, under the keys that joins inside the package use. The
    id of the entity is the one that <entity>_entity_history gives it. With `incremental: true` only rows are written that are new
    or differ.
#}
{% macro entities(entity_name) -%}
{%- set keeps = false -%}
{%- if dbt_dedup.entity(entity_name).incremental -%}
{%- do config(
    materialized='dedup_incremental', unique_key='record_key',
    pre_hook="{{ dbt_dedup._delete_gone_members('" ~ entity_name ~ "', 'record_key') }}"
) -%}
{%- set keeps = dbt_dedup._kept_rows('record_key') -%}
{%- if not keeps %}
{{ dbt_dedup._every_row() }}
{% endif -%}
{%- endif -%}
with

history as (
    select * from {{ ref(entity_name ~ '_entity_history') }}
),

clusters as (
    select * from {{ ref('int_' ~ entity_name ~ '__clusters') }}
),

records as (
    select
        record_key,
        record_id,
        source
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

identified as (
    select
        record_id,
        {{ dbt_dedup.value_at_last('entity_id', 'event_number') }} as entity_id,
        {{ dbt_dedup.value_at_last('entity_id', '-event_number') }} as first_entity_id
    from history
    where event in ('record_added', 'record_left')
    group by record_id
),

sizes as (
    select
        cluster_key,
        count(*) as records_in_entity
    from clusters
    group by cluster_key
),

final as (
    select
        records.record_key,
        records.record_id,
        records.source,
        clusters.cluster_key,
        identified.entity_id,
        identified.first_entity_id,
        sizes.records_in_entity
    from clusters
    inner join records on clusters.record_key = records.record_key
    inner join sizes on clusters.cluster_key = sizes.cluster_key
    inner join identified on records.record_id = identified.record_id
)

{% if keeps -%}
{%- set columns = [
    'record_key', 'record_id', 'source', 'cluster_key', 'entity_id', 'first_entity_id', 'records_in_entity'
] -%}
select final.* from final
{{- dbt_dedup._where_not_known('final', columns) }}
{%- else -%}
select * from final
{%- endif %}
{% endmacro %}
