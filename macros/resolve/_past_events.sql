{#
    The events of <entity>_entity_history before this build, as a query. Where the history is gone but the published crosswalk
    is there, each entity and record of the crosswalk is an event: so ids survive the loss, and the history says that it was
    recovered.
#}
{% macro _past_events(entity_name) -%}
{%- set columns = {
    'event_number': 'bigint', 'event': dbt_dedup.text_type(), 'entity_id': dbt_dedup.text_type(),
    'record_id': dbt_dedup.text_type(), 'other_entity_id': dbt_dedup.text_type(), 'model_version': dbt_dedup.text_type(),
} -%}
{%- if is_incremental() -%}
select
    {%- for column in columns %}
    {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ this }}
{%- else -%}
{%- set crosswalk = load_relation(this.incorporate(path={'identifier': entity_name ~ '_crosswalk'})) if execute else none -%}
{%- if crosswalk -%}
select
    row_number() over (order by event asc, entity_id asc, record_id asc) as event_number,
    event,
    entity_id,
    record_id,
    cast(null as {{ dbt_dedup.text_type() }}) as other_entity_id,
    cast(null as {{ dbt_dedup.text_type() }}) as model_version
from (
    select
        'created' as event,
        entity_id,
        min(record_id) as record_id
    from {{ crosswalk }}
    group by entity_id

    union all

    select
        'record_added' as event,
        entity_id,
        record_id
    from {{ crosswalk }}
) as recovered
{%- else -%}
select
    {%- for column, type in columns.items() %}
    cast(null as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
where 1 = 0
{%- endif -%}
{%- endif -%}
{%- endmacro %}
