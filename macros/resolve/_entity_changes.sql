{#
    CTEs that end in `changes`, one row per change that the events in the CTE `events` (event, entity_id, other_entity_id,
    record_id) make. `change` is one of

    - merge, split, retire, appear: what becomes of the entity entity_id, merged into other_entity_id or split so that
      other_entity_id is a part. A part of a split does not count as one that appears;
    - new_record, lost_record, moved_record: what becomes of the record, in the entity entity_id, before in other_entity_id.
#}
{% macro _entity_changes() -%}
parts as (
    select distinct entity_id from events
    where event = 'split'
),

changes as (
    select
        case event when 'merged' then 'merge' else 'retire' end as change,
        entity_id,
        other_entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as record_id
    from events
    where event in ('merged', 'retired')

    union all

    select
        'split' as change,
        other_entity_id as entity_id,
        entity_id as other_entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as record_id
    from events
    where event = 'split'

    union all

    select
        'appear' as change,
        events.entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as other_entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as record_id
    from events
    left join parts on events.entity_id = parts.entity_id
    where events.event in ('created', 'returned') and parts.entity_id is null

    union all

    select
        case
            when event = 'record_left' then 'lost_record'
            when other_entity_id is null then 'new_record'
            else 'moved_record'
        end as change,
        entity_id,
        other_entity_id,
        record_id
    from events
    where event in ('record_added', 'record_left')
)
{%- endmacro %}
