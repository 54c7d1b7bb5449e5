{#
    <entity>_entity_ids, one row per entity id that was ever given: whether it is in use, and where to look if it is not. The
    records that an ended entity ever had say where it went: to the entity that has most of them now.
#}
{% macro entity_ids(entity_name) -%}
with

history as (
    select * from {{ ref(entity_name ~ '_entity_history') }}
),

entities as (
    select * from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

states as (
    select
        entity_id,
        {{ dbt_dedup.value_at_last('event', 'event_number') }} as event,
        min(changed_at) as created_at,
        max(changed_at) as changed_at
    from history
    where event in ('created', 'returned', 'merged', 'retired')
    group by entity_id
),

ended as (
    select * from states
    where event in ('merged', 'retired')
),

former_records as (
    select distinct
        history.entity_id,
        history.record_id
    from history
    inner join ended on history.entity_id = ended.entity_id
    where history.event = 'record_added'
),

heirs as (
    select
        former_records.entity_id,
        entities.entity_id as current_entity_id,
        row_number() over (
            partition by former_records.entity_id order by count(*) desc, min(entities.record_id) asc
        ) as heir_rank
    from former_records
    inner join entities on former_records.record_id = entities.record_id
    group by
        former_records.entity_id,
        entities.entity_id
),

final as (
    select
        states.entity_id,
        case when ended.entity_id is null then 'live' else states.event end as status,
        case when ended.entity_id is null then states.entity_id else heirs.current_entity_id end as current_entity_id,
        states.created_at,
        case when ended.entity_id is not null then states.changed_at end as ended_at
    from states
    left join ended on states.entity_id = ended.entity_id
    left join heirs on states.entity_id = heirs.entity_id and heirs.heir_rank = 1
)

select * from final
order by entity_id asc
{% endmacro %}
