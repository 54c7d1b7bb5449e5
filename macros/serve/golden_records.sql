{# <entity>, one row per entity: the golden record. Where each value comes from is in <entity>_provenance. #}
{% macro golden_records(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

golden_values as (
    select * from {{ ref('int_' ~ entity_name ~ '__golden_values') }}
),

final as (
    select
        entity_id,
        {%- for choice in dbt_dedup.survivorship(spec) %}
        {%- for field in choice.fields %}
        {{ field.name }},
        {%- endfor %}
        {%- endfor %}
        record_count,
        sources,
        first_updated_at,
        last_updated_at
    from golden_values
)

select * from final
order by entity_id asc
{% endmacro %}
