{#
    <entity>_entity_history, one row per event: what happened to an entity, or to a record in it, and in which run. It is also
    the memory that keeps ids: a record was last in the entity that its last event names. The table only grows, also with
    --full-refresh. _entity_events says how ids are kept. With `incremental: true` only the past of touched entities is read.
#}
{% macro entity_history(entity_name) %}
{%- do config(materialized='incremental', incremental_strategy='append', full_refresh=false) -%}
{%- set changed_at = "cast('" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S') ~ "' as timestamp)" -%}
{%- set entities = dbt_dedup._entities_of_history(entity_name) -%}
with

scored as (
    select max(model_version) as model_version from {{ ref('int_' ~ entity_name ~ '__pair_scores') }}
),

{% if entities -%}
{{ dbt_dedup._touched_entities(entity_name, entities) }}
{%- else -%}
clusters as (
    select * from {{ ref('int_' ~ entity_name ~ '__clusters') }}
),

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

past as (
    {{ dbt_dedup._past_events(entity_name) | indent(4) }}
),
{%- endif %}

last_event as (
    select
        coalesce(max(event_number), 0) as event_number,
        {{ dbt_dedup.value_at_last('model_version', 'event_number') }} as model_version
    from {{ this if entities else 'past' }}
),

{{ dbt_dedup._entity_events(this if entities else 'past') }},

final as (
    {%- if not is_incremental() %}
    select
        event_number,
        event,
        entity_id,
        record_id,
        other_entity_id,
        cast(null as {{ dbt_dedup.text_type() }}) as model_version,
        'recovered from the crosswalk' as reason,
        '{{ invocation_id }}' as run_id,
        {{ changed_at }} as changed_at
    from past

    union all
    {% endif %}
    select
        last_event.event_number + row_number() over (
            order by happened.event asc, happened.entity_id asc, happened.record_id asc, happened.other_entity_id asc
        ) as event_number,
        happened.event,
        happened.entity_id,
        happened.record_id,
        happened.other_entity_id,
        scored.model_version,
        case
            when last_event.event_number = 0 then 'first build'
            when happened.event = 'record_added' and past_records.record_id is null then 'new record'
            when happened.event = 'record_added' and past_records.event = 'record_left' then 'record came back'
            when happened.event = 'record_left' then 'record left the input'
            when happened.event in ('retired', 'returned') then 'its records ' ||
                case when happened.event = 'retired' then 'left the input' else 'came back' end
            when last_event.model_version <> scored.model_version then 'another model'
            else 'changed records or decisions'
        end as reason,
        '{{ invocation_id }}' as run_id,
        {{ changed_at }} as changed_at
    from happened
    cross join last_event
    cross join scored
    left join past_records on happened.record_id = past_records.record_id
    {%- if flags.EMPTY %}
    where 1 = 0  -- dbt build --empty: no record left
    {%- endif %}
)

select * from final
{% endmacro %}
