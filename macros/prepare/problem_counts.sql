{# int_<entity>__problem_counts, one row per field and problem: how many records have it, and an example. #}
{% macro problem_counts(entity_name) %}
{#- read by the report only -#}
{%- do config(materialized='view') -%}
with

issues as (
    select * from {{ ref(entity_name ~ '_quality_issues') }}
),

counts as (
    select
        field,
        problem,
        count(*) as records,
        min(record_id) as example_record_id
    from issues
    group by field, problem
),

final as (
    select
        counts.field,
        counts.problem,
        counts.records,
        counts.example_record_id,
        issues.original_value as example
    from counts
    inner join issues
        on counts.field = issues.field
        and counts.problem = issues.problem
        and counts.example_record_id = issues.record_id
)

select * from final
order by field asc, records desc, problem asc
{% endmacro %}
