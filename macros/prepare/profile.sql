{# <entity>_profile, one row per field: how complete, distinct and correct it is. #}
{% macro profile(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as not materialized (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

value_counts as (
    {%- if spec.incremental %}
    {{- dbt_dedup._counted_values(spec) | indent(4) }}
    {%- else %}
    select * from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
    {%- endif %}
),

fields as (
    {%- for field in spec.fields %}
    {%- set f = field.name %}
    select
        {{ loop.index }} as field_number,
        '{{ f }}' as field,
        '{{ field.type }}' as field_type,
        count(*) as records,
        count({{ f }}__original) as filled,
        count({{ f }}__problem) as problems,
        count({{ f }}) as usable,
        {{ field.min_complete if field.min_complete is not none else 'null' }} as min_complete,
        {{ field.max_problems if field.max_problems is not none else 'null' }} as max_problems,
        min(length({{ f }}__original)) as shortest,
        max(length({{ f }}__original)) as longest
    from records
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

value_totals as (
    select
        field,
        count(*) as distinct_values,
        max(records) as most_records
    from value_counts
    group by field
),

common_values as (
    select
        value_totals.field,
        value_totals.distinct_values,
        value_totals.most_records as records,
        min(value_counts.value) as value
    from value_totals
    inner join value_counts on value_totals.field = value_counts.field and value_totals.most_records = value_counts.records
    group by
        value_totals.field,
        value_totals.distinct_values,
        value_totals.most_records
),

final as (
    select
        cast(fields.field_number as integer) as field_number,
        fields.field,
        fields.field_type,
        fields.records,
        fields.filled,
        fields.problems,
        fields.usable,
        cast(fields.usable as double) / nullif(fields.records, 0) as completeness,
        cast(fields.min_complete as double) as min_complete,
        cast(fields.problems as double) / nullif(fields.filled, 0) as problem_rate,
        cast(fields.max_problems as double) as max_problems,
        coalesce(common_values.distinct_values, 0) as distinct_values,
        cast(common_values.distinct_values as double) / nullif(fields.usable, 0) as distinctness,
        common_values.value as most_common_value,
        cast(common_values.records as double) / nullif(fields.usable, 0) as most_common_share,
        cast(fields.shortest as integer) as shortest,
        cast(fields.longest as integer) as longest
    from fields
    left join common_values on fields.field = common_values.field
)

select * from final
order by field_number asc
{% endmacro %}
