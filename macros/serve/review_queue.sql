{#
    <entity>_review_queue, one row per pair that a person should decide, most uncertain first, with both records side by side.
    `within_budget` marks as many as targets.review_budget allows.
#}
{% macro review_queue(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

matches as (
    select * from {{ ref(entity_name ~ '_matches') }}
    where decision = 'review'
),

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

crosswalk as (
    select * from {{ ref(entity_name ~ '_crosswalk') }}
),

positioned as (
    select
        matches.*,
        row_number() over (order by abs(matches.match_weight), matches.record_id_l, matches.record_id_r) as queue_position
    from matches
    inner join crosswalk as crosswalk_l on matches.record_key_l = crosswalk_l.record_key
    inner join crosswalk as crosswalk_r on matches.record_key_r = crosswalk_r.record_key
    where crosswalk_l.entity_id <> crosswalk_r.entity_id
),

final as (
    select
        positioned.queue_position,
        positioned.queue_position <= {{ spec.targets.review_budget }} as within_budget,
        positioned.record_id_l,
        positioned.record_id_r,
        positioned.match_probability,
        positioned.reasons_for,
        positioned.reasons_against,
        {%- for field in spec.fields %}
        l.{{ field.name }}__original as {{ field.name }}_l,
        r.{{ field.name }}__original as {{ field.name }}_r,
        {%- endfor %}
        positioned.model_version
    from positioned
    inner join records as l on positioned.record_id_l = l.record_id
    inner join records as r on positioned.record_id_r = r.record_id
)

select * from final
order by queue_position
{% endmacro %}
