{#
    <entity>_crosswalk, one row per record: the entity it belongs to. The entity id is derived from the smallest record id of
    the entity, so it does not depend on the order of rows. It changes when that record leaves.
#}
{% macro crosswalk(entity_name) %}
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

entities as (
    select
        clusters.cluster_key,
        min(records.record_id) as first_record_id,
        count(*) as records_in_entity
    from clusters
    inner join records on clusters.record_key = records.record_key
    group by clusters.cluster_key
),

final as (
    select
        records.record_id,
        records.source,
        substr(md5(entities.first_record_id), 1, 16) as entity_id,
        entities.records_in_entity,
        records.record_key
    from clusters
    inner join records on clusters.record_key = records.record_key
    inner join entities on clusters.cluster_key = entities.cluster_key
)

select * from final
order by record_id
{% endmacro %}
