{#
    CTEs that end in `happened`, one row per event that takes an entity's past to given clusters. They read the CTEs `past`, the
    events so far, `clusters` (record_key, cluster_key) and `records` (record_key, record_id). Where these are of some entities
    only, `history` names the relation of all events: an id that any entity has is not given again.

    An entity goes on as the cluster that holds most of its records, of equal parts the one that holds the record which it has
    had longest. Where several go on as one cluster, the one with most records there keeps its id, of equal ones the older; the
    others are merged into it. A cluster in which none goes on gets an id of its own, derived from its smallest record id and
    never used before.
#}
{% macro _entity_events(history='past') -%}
past_records as (
    select
        record_id,
        {{ dbt_dedup.value_at_last('entity_id', 'event_number') }} as entity_id,
        {{ dbt_dedup.value_at_last('event', 'event_number') }} as event,
        max(event_number) as event_number
    from past
    where event in ('record_added', 'record_left')
    group by record_id
),

past_entities as (
    select
        entity_id,
        {{ dbt_dedup.value_at_last('event', 'event_number') }} as event,
        min(event_number) as first_event_number
    from past
    where event in ('created', 'returned', 'merged', 'retired')
    group by entity_id
),

clustered as (
    select
        clusters.cluster_key,
        records.record_id
    from clusters
    inner join records on clusters.record_key = records.record_key
),

-- records that left count for their entity when they come back, unless it was merged into another one
shared as (
    select
        clustered.cluster_key,
        past_records.entity_id,
        past_entities.event,
        past_entities.first_event_number,
        count(*) as shared_records,
        min(past_records.event_number) as first_added,
        min(clustered.record_id) as first_record_id
    from clustered
    inner join past_records on clustered.record_id = past_records.record_id
    inner join past_entities on past_records.entity_id = past_entities.entity_id
    where past_entities.event <> 'merged'
    group by
        clustered.cluster_key,
        past_records.entity_id,
        past_entities.event,
        past_entities.first_event_number
),

ranked_parts as (
    select
        *,
        row_number() over (
            partition by entity_id order by shared_records desc, first_added asc, first_record_id asc
        ) as part_rank
    from shared
),

heirs as (
    select
        *,
        row_number() over (
            partition by cluster_key order by shared_records desc, first_event_number asc, entity_id asc
        ) as claim_rank
    from ranked_parts
    where part_rank = 1
),

kept as (
    select
        cluster_key,
        entity_id,
        event
    from heirs
    where claim_rank = 1
),

first_records as (
    select
        cluster_key,
        min(record_id) as record_id
    from clustered
    group by cluster_key
),

unnamed as (
    select
        first_records.cluster_key,
        first_records.record_id,
        substr({{ dbt_dedup.text_digest('first_records.record_id') }}, 1, 16) as plain_id
    from first_records
    left join kept on first_records.cluster_key = kept.cluster_key
    where kept.cluster_key is null
),

-- how many ids were derived from a record id before: the next one has that number in it
derived_ids as (
    select
        record_id,
        count(*) as ids
    from {{ history }}
    where
        event = 'created'
        and record_id in (select record_id from unnamed)
    group by record_id
),

taken_ids as (
    select distinct entity_id
    from {{ history }}
    where
        event = 'created'
        and entity_id in (select plain_id from unnamed)
),

named as (
    select
        unnamed.cluster_key,
        unnamed.record_id,
        case
            when derived_ids.ids is null and taken_ids.entity_id is null then unnamed.plain_id
            else {{ dbt_dedup._later_id('unnamed.record_id', 'coalesce(derived_ids.ids, 0)') | indent(12) }}
        end as entity_id
    from unnamed
    left join derived_ids on unnamed.record_id = derived_ids.record_id
    left join taken_ids on unnamed.plain_id = taken_ids.entity_id
),

identified as (
    select
        cluster_key,
        entity_id
    from kept

    union all

    select
        cluster_key,
        entity_id
    from named
),

present as (
    select
        clustered.cluster_key,
        clustered.record_id,
        identified.entity_id
    from clustered
    inner join identified on clustered.cluster_key = identified.cluster_key
),

created as (
    select
        'created' as event,
        entity_id,
        record_id,
        cast(null as {{ dbt_dedup.text_type() }}) as other_entity_id
    from named
),

returned as (
    select
        'returned' as event,
        entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as record_id,
        cast(null as {{ dbt_dedup.text_type() }}) as other_entity_id
    from kept
    where event = 'retired'
),

split as (
    select
        'split' as event,
        named.entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as record_id,
        shared.entity_id as other_entity_id
    from named
    inner join shared on named.cluster_key = shared.cluster_key
    where shared.event <> 'retired'
),

added as (
    select
        'record_added' as event,
        present.entity_id,
        present.record_id,
        case when past_records.event = 'record_added' then past_records.entity_id end as other_entity_id
    from present
    left join past_records on present.record_id = past_records.record_id
    where
        past_records.record_id is null
        or past_records.event = 'record_left'
        or past_records.entity_id <> present.entity_id
),

gone as (
    select
        'record_left' as event,
        past_records.entity_id,
        past_records.record_id,
        cast(null as {{ dbt_dedup.text_type() }}) as other_entity_id
    from past_records
    left join records on past_records.record_id = records.record_id
    where past_records.event = 'record_added' and records.record_id is null
),

ended as (
    select
        case when heirs.entity_id is null then 'retired' else 'merged' end as event,
        past_entities.entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as record_id,
        into_entities.entity_id as other_entity_id
    from past_entities
    left join identified on past_entities.entity_id = identified.entity_id
    left join heirs on past_entities.entity_id = heirs.entity_id
    left join identified as into_entities on heirs.cluster_key = into_entities.cluster_key
    where past_entities.event in ('created', 'returned') and identified.entity_id is null
),

happened as (
    select * from created
    union all
    select * from returned
    union all
    select * from split
    union all
    select * from added
    union all
    select * from gone
    union all
    select * from ended
)
{%- endmacro %}
