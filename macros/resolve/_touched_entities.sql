{#
    The CTEs `clusters`, `records` and `past` that _entity_events reads, of the entities that an incremental run touches:
    a record of theirs is new, gone, back, or in another cluster than in `entities`, the table of the last run, which agrees
    with the history (see _entities_of_history). All other entities go on as they are.
#}
{% macro _touched_entities(entity_name, entities) -%}
{%- set all_clusters = ref('int_' ~ entity_name ~ '__clusters') -%}
{%- set all_records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
moved as (
    select
        clusters.record_key,
        clusters.cluster_key,
        known.record_id as known_record_id,
        known.cluster_key as known_cluster_key
    from {{ all_clusters }} as clusters
    full outer join {{ entities }} as known on clusters.record_key = known.record_key
    where clusters.cluster_key is distinct from known.cluster_key
),

arrived as (
    select records.record_id
    from moved
    inner join {{ all_records }} as records on moved.record_key = records.record_key
    where moved.known_cluster_key is null
),

-- a record that comes back may take an entity with it that goes on in another cluster
former_entities as (
    select entity_id from {{ this }}
    where
        event in ('record_added', 'record_left')
        and record_id in (select record_id from arrived)
),

touched as (
    select cluster_key from moved
    where cluster_key is not null
    union
    select known_cluster_key as cluster_key from moved
    where known_cluster_key is not null
    union
    select cluster_key from {{ entities }}
    where entity_id in (select entity_id from former_entities)
),

clusters as (
    select
        record_key,
        cluster_key
    from {{ all_clusters }}
    where cluster_key in (select cluster_key from touched)
),

records as (
    select
        record_key,
        record_id
    from {{ all_records }}
    where record_key in (select record_key from clusters)
),

touched_records as (
    select record_id from records
    union
    select known_record_id as record_id from moved
    where known_record_id is not null
),

past_of_records as (
    {{ dbt_dedup._past_events(entity_name) | indent(4) }}
    where
        event in ('record_added', 'record_left')
        and record_id in (select record_id from touched_records)
),

past as (
    select * from past_of_records

    union all

    {{ dbt_dedup._past_events(entity_name) | indent(4) }}
    where
        event in ('created', 'returned', 'merged', 'retired')
        and entity_id in (
            select {{ dbt_dedup.value_at_last('entity_id', 'event_number') }} from past_of_records
            group by record_id
        )
),
{%- endmacro %}
