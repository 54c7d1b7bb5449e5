{#
    int_<entity>__entities, one row per record: the entity it belongs to, under the keys that joins inside the package use. The
    entity id is derived from the smallest record id of the entity, so it depends neither on the order of rows nor on
    record_key. It changes when that record leaves or a record with a smaller id joins.
#}
{% macro entities(entity_name) -%}
with

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

clustered as (
    select
        clusters.cluster_key,
        records.record_key,
        records.record_id,
        records.source
    from clusters
    inner join records on clusters.record_key = records.record_key
),

identified as (
    select
        cluster_key,
        min(record_id) as first_record_id,
        count(*) as records_in_entity
    from clustered
    group by cluster_key
),

final as (
    select
        clustered.record_key,
        clustered.record_id,
        clustered.source,
        clustered.cluster_key,
        substr({{ dbt_dedup.text_digest('identified.first_record_id') }}, 1, 16) as entity_id,
        identified.records_in_entity
    from clustered
    inner join identified on clustered.cluster_key = identified.cluster_key
)

select * from final
{% endmacro %}
