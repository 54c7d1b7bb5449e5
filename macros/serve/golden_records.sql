{#
    <entity>, one golden record per entity: each value chosen among the entity's records by the survivorship rule of its
    field, with the id of the record it came from.
#}
{% macro golden_records(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set choices = dbt_dedup.survivorship(spec) -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

crosswalk as (
    select * from {{ ref(entity_name ~ '_crosswalk') }}
),

members as (
    select
        crosswalk.entity_id,
        records.record_id,
        records.source,
        records.updated_at,
        {%- for field in spec.fields %}
        records.{{ field.name }},
        records.{{ field.name }}__original,
        {%- endfor %}
        {%- for choice in choices %}
        count(*) over (
            partition by crosswalk.entity_id{% for field in choice.fields %}, records.{{ field.name }}{% endfor %}
        ) as {{ choice.name }}__count{{ ',' if not loop.last }}
        {%- endfor %}
    from records
    inner join crosswalk on records.record_id = crosswalk.record_id
),

entities as (
    select
        entity_id,
        count(*) as record_count,
        count(distinct source) as source_count,
        min(updated_at) as first_updated_at,
        max(updated_at) as last_updated_at
    from members
    group by entity_id
),

{% for choice in choices -%}
{{ choice.name }}__chosen as (
    select
        members.entity_id,
        members.record_id
        {%- for field in choice.fields %},
        {{ dbt_dedup.served_value(field) }} as {{ field.name }}
        {%- endfor %}
    from members
    where {% for field in choice.fields %}members.{{ field.name }} is not null{{ ' or ' if not loop.last }}{% endfor %}
    qualify row_number() over (
        partition by members.entity_id
        order by
            {%- for term in dbt_dedup.survivorship_order(spec, choice) %}
            {{ term }}{{ ',' if not loop.last }}
            {%- endfor %}
    ) = 1
),

{% endfor -%}
final as (
    select
        entities.entity_id,
        {%- for choice in choices %}
        {%- for field in choice.fields %}
        {{ choice.name }}__chosen.{{ field.name }},
        {%- endfor %}
        {%- endfor %}
        entities.record_count,
        entities.source_count,
        entities.first_updated_at,
        entities.last_updated_at,
        {%- for choice in choices %}
        {%- set last_choice = loop.last %}
        {%- for field in choice.fields %}
        case when {{ choice.name }}__chosen.{{ field.name }} is not null then {{ choice.name }}__chosen.record_id end
            as {{ field.name }}__record_id{{ ',' if not (last_choice and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from entities
    {%- for choice in choices %}
    left join {{ choice.name }}__chosen on entities.entity_id = {{ choice.name }}__chosen.entity_id
    {%- endfor %}
)

select * from final
order by entity_id
{% endmacro %}
