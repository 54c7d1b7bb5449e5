{#
    <entity>_quality_issues, one row per record, field and problem: what is wrong in the data or should be looked at, with the
    rule that found it and what should have been written, where that is certain. An incorrect value is kept out of matching and
    out of the golden record. Other rows are remarks on a value that is used, by its type or by what other records say.
#}
{% macro quality_issues(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set issues_across_fields = dbt_dedup._issues_across_fields(spec) -%}
with

records as not materialized (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),
{%- for issues in issues_across_fields %}

{{ issues.ctes }}
{%- endfor %}

final as (
    {%- for issues in dbt_dedup._issues_of_fields(spec) + issues_across_fields %}
    select
        record_id,
        source,
        {{ issues.field }} as field,
        {{ issues.problem }} as problem,
        {{ issues.rule | indent(8) }} as rule,
        {{ issues.original }} as original_value,
        {{ issues.proposed }} as proposed_value,
        {{ issues.is_used }} as is_used
    from {{ issues.from }}
    where {{ issues.problem }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
order by record_id asc, field asc, problem asc
{% endmacro %}
