{# <entity>_profile, one row per field: how complete, distinct and correct it is. #}
{% macro profile(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

{% for field in spec.fields -%}
{%- set f = field.name -%}
{{ f }}__values as (
    select
        cast({{ f }} as varchar) as value,
        count(*) as records
    from records
    where {{ f }} is not null
    group by {{ f }}
),

{{ f }}__common as (
    select
        max(value) as most_common_value,
        max(records) as most_common_records
    from (
        select
            value,
            records
        from {{ f }}__values
        order by records desc, value asc
        limit 1
    ) as common
),

{{ f }}__profile as (
    select
        {{ loop.index }} as field_number,
        '{{ f }}' as field,
        '{{ field.type }}' as field_type,
        count(*) as records,
        count({{ f }}__original) as filled,
        count({{ f }}__problem) as problems,
        count({{ f }}) as usable,
        count(distinct {{ f }}) as distinct_values,
        {{ field.min_complete if field.min_complete is not none else 'null' }} as min_complete,
        {{ field.max_problems if field.max_problems is not none else 'null' }} as max_problems,
        min(length({{ f }}__original)) as shortest,
        max(length({{ f }}__original)) as longest
    from records
),

{{ f }}__final as (
    select
        profiled.*,
        common.most_common_value,
        common.most_common_records
    from {{ f }}__profile as profiled
    cross join {{ f }}__common as common
),

{% endfor -%}
fields as (
    {%- for field in spec.fields %}
    select * from {{ field.name }}__final
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        cast(field_number as integer) as field_number,
        field,
        field_type,
        records,
        filled,
        problems,
        usable,
        cast(usable as double) / nullif(records, 0) as completeness,
        cast(min_complete as double) as min_complete,
        cast(problems as double) / nullif(filled, 0) as problem_rate,
        cast(max_problems as double) as max_problems,
        distinct_values,
        cast(distinct_values as double) / nullif(usable, 0) as distinctness,
        most_common_value,
        cast(most_common_records as double) / nullif(usable, 0) as most_common_share,
        cast(shortest as integer) as shortest,
        cast(longest as integer) as longest
    from fields
)

select * from final
order by field_number
{% endmacro %}
