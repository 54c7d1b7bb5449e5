{#
    <entity>_review_queue, one row per pair that a person should decide, most uncertain first, with both records side by side:
    pairs in the review band, and matches that the other pairs of their cluster speak against, whose records are in two
    entities. `within_budget` marks as many as targets.review_budget allows.
#}
{% macro review_queue(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

matches as (
    select * from {{ ref(entity_name ~ '_matches') }}
    where
        decision in ('match', 'review')
        and decided_by = 'model'
),

entities as (
    select
        record_id,
        cluster_key
    from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

queued as (
    select
        matches.*,
        row_number() over (
            order by abs(matches.match_weight) asc, matches.record_id_l asc, matches.record_id_r asc
        ) as queue_position
    from matches
    inner join entities as l on matches.record_id_l = l.record_id
    inner join entities as r on matches.record_id_r = r.record_id
    where l.cluster_key <> r.cluster_key
),

-- all records are read once, for the few of the queue
shown as materialized (
    select
        record_id,
        {%- for field in spec.fields %}
        {{ field.name }}__original{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_' ~ entity_name ~ '__records') }}
    where record_id in (
        select record_id_l from queued
        union all
        select record_id_r from queued
    )
),

final as (
    select
        queued.queue_position,
        queued.queue_position <= {{ spec.targets.review_budget }} as within_budget,
        queued.record_id_l,
        queued.record_id_r,
        queued.match_probability,
        queued.reasons_for,
        queued.reasons_against,
        {%- for field in spec.fields %}
        l.{{ field.name }}__original as {{ field.name }}_l,
        r.{{ field.name }}__original as {{ field.name }}_r,
        {%- endfor %}
        queued.model_version
    from queued
    inner join shown as l on queued.record_id_l = l.record_id
    inner join shown as r on queued.record_id_r = r.record_id
)

select * from final
order by queue_position asc
{% endmacro %}
