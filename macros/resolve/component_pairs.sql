{#
    int_<entity>__component_pairs, one row per scored pair whose records matches connect: what clusters are found from. `is_vetoed`
    holds if a rule of `never` rules the pair out; such pairs are listed whatever their score.
#}
{% macro component_pairs(entity_name) %}
{#- read once in a build, by the Python model, whatever the project's default -#}
{%- do config(materialized='view') -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

components as (
    select * from {{ ref('int_' ~ entity_name ~ '__components') }}
),

scored as (
    select
        record_key_l,
        record_key_r,
        match_probability
    from {{ ref('int_' ~ entity_name ~ '__pair_scores') }}
    union all
    select
        record_key_l,
        record_key_r,
        match_probability
    from {{ ref('int_' ~ entity_name ~ '__closure_scores') }}
),

inside as (
    select
        scored.record_key_l,
        scored.record_key_r,
        scored.match_probability
    from scored
    inner join components as l on scored.record_key_l = l.record_key
    inner join components as r on scored.record_key_r = r.record_key
    where l.component_key = r.component_key
),
{% if spec.never %}
-- keys first: only records with another in their component are read in full
connected as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r
    from components as l
    inner join components as r
        on l.component_key = r.component_key
        and l.record_key < r.record_key
),

vetoed as (
    select
        connected.record_key_l,
        connected.record_key_r
    from connected
    inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as l on connected.record_key_l = l.record_key
    inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as r on connected.record_key_r = r.record_key
    where {{ dbt_dedup._never_rule(spec) | indent(8) }} is not null
),

final as (
    select
        coalesce(inside.record_key_l, vetoed.record_key_l) as record_key_l,
        coalesce(inside.record_key_r, vetoed.record_key_r) as record_key_r,
        coalesce(inside.match_probability, 0) as match_probability,
        vetoed.record_key_l is not null as is_vetoed
    from inside
    full outer join vetoed
        on inside.record_key_l = vetoed.record_key_l
        and inside.record_key_r = vetoed.record_key_r
)
{%- else %}
final as (
    select
        record_key_l,
        record_key_r,
        match_probability,
        false as is_vetoed
    from inside
)
{%- endif %}

select * from final
{% endmacro %}
