{#
    <entity>_quality_history, one row per day, source, field and problem: how many records had the problem when the entity was
    built last on that day. A problem that is gone has a row with 0 records on the day it went. The table only grows by days:
    a second build of a day replaces its rows, and --full-refresh leaves the others alone.
#}
{% macro quality_history(entity_name) %}
{%- do config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='built_on', on_schema_change='append_new_columns',
    full_refresh=false
) -%}
{%- set today = "cast('" ~ run_started_at.strftime('%Y-%m-%d') ~ "' as date)" -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

issues as (
    select * from {{ ref(entity_name ~ '_quality_issues') }}
),

sources as (
    select
        source,
        count(*) as records_in_source
    from records
    group by source
),

counts as (
    select
        source,
        field,
        problem,
        count(*) as records
    from issues
    group by source, field, problem
),

current_counts as (
    select
        counts.source,
        counts.field,
        counts.problem,
        counts.records,
        sources.records_in_source
    from counts
    inner join sources on coalesce(counts.source, '') = coalesce(sources.source, '')
),
{% if is_incremental() %}
last_day as (
    select max(built_on) as built_on
    from {{ this }}
    where built_on < {{ today }}
),

known as (
    select distinct
        history.source,
        history.field,
        history.problem
    from {{ this }} as history
    cross join last_day
    where
        (history.built_on = last_day.built_on and history.records > 0)
        or history.built_on = {{ today }}
),

solved as (
    select
        known.source,
        known.field,
        known.problem,
        0 as records,
        coalesce(sources.records_in_source, 0) as records_in_source
    from known
    left join current_counts
        on coalesce(known.source, '') = coalesce(current_counts.source, '')
        and known.field = current_counts.field
        and known.problem = current_counts.problem
    left join sources on coalesce(known.source, '') = coalesce(sources.source, '')
    where current_counts.records is null
),
{% endif %}
counted as (
    select * from current_counts
    {%- if is_incremental() %}
    union all
    select * from solved
    {%- endif %}
),

final as (
    select
        {{ today }} as built_on,
        source,
        field,
        problem,
        cast(records as bigint) as records,
        cast(records_in_source as bigint) as records_in_source
    from counted
)

select * from final
order by built_on asc, source asc, field asc, problem asc
{% endmacro %}
