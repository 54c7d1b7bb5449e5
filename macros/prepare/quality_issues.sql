{#
    <entity>_quality_issues, one row per record, field and problem: every incorrect value in the data. It is
    kept out of matching and out of the golden record; its original text is here and in stg_<entity>__records.
#}
{% macro quality_issues(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

final as (
    {%- for field in spec.fields %}
    select
        record_id,
        source,
        '{{ field.name }}' as field,
        {{ field.name }}__problem as problem,
        {{ field.name }}__original as original_value
    from records
    where {{ field.name }}__problem is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
order by record_id asc, field asc
{% endmacro %}
