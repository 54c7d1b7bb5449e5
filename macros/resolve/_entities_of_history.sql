{#
    The table int_<entity>__entities if an incremental run may tell from it which entities it touches, else none. It may if the
    table has the records that <entity>_entity_history has, each in the entity that its last event names, if each entity is one
    cluster, and if the keys of records are still theirs. After a build that was killed between the two tables, or if one of them
    was lost, edited or copied, it is not so: then the whole history is read.

    To tell without putting the events in order, hashes of records with their entities are summed: each event adds one,
    takes one away or does both.
#}
{% macro _entities_of_history(entity_name) %}
{%- if not execute or flags.FULL_REFRESH or not is_incremental() -%}{{- return(none) -}}{%- endif -%}
{%- if not dbt_dedup.entity(entity_name).incremental -%}{{- return(none) -}}{%- endif -%}
{%- set entities = load_cached_relation(this.incorporate(path={'identifier': 'int_' ~ entity_name ~ '__entities'})) -%}
{%- if not entities or entities.type != 'table' -%}{{- return(none) -}}{%- endif -%}
{%- set in_entity = dbt_dedup.hash_values(['record_id', 'entity_id']) -%}
{%- set in_other_entity = dbt_dedup.hash_values(['record_id', 'other_entity_id']) -%}
{%- set agreement -%}
with

past as (
    select
        coalesce(sum(case when event = 'record_added' then {{ in_entity }} end), 0)
            - coalesce(sum(case when event = 'record_left' then {{ in_entity }} end), 0)
            - coalesce(sum(case when event = 'record_added' and other_entity_id is not null then {{ in_other_entity }} end), 0)
            as memberships,
        count(case when event in ('created', 'returned') then 1 end)
            - count(case when event in ('merged', 'retired') then 1 end) as entities
    from {{ this }}
),

present as (
    select
        coalesce(sum({{ in_entity }}), 0) as memberships,
        count(case when record_key = cluster_key then 1 end) as entities
    from {{ entities }}
),

-- records in another entity than the one after whose key their cluster is named
astray as (
    select count(*) as records
    from {{ entities }} as entities
    left join {{ entities }} as firsts on entities.cluster_key = firsts.record_key
    where firsts.entity_id is distinct from entities.entity_id
),

renumbered as (
    select count(*) as records
    from {{ entities }} as entities
    inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as records on entities.record_id = records.record_id
    where records.record_key is distinct from entities.record_key
)

select
    past.memberships = present.memberships
    and past.entities = present.entities
    and astray.records = 0
    and renumbered.records = 0 as agree
from past
cross join present
cross join astray
cross join renumbered
{%- endset -%}
{{- return(entities if run_query(agreement).rows[0][0] else none) -}}
{% endmacro %}
