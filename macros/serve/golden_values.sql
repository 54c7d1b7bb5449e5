{#
    int_<entity>__golden_values, one row per entity: each value chosen among the entity's records by the survivorship rule of its
    field, as a person reads it, with the id of the record it comes from (<field>__record_id). An entity of one record needs no
    choice, and values are made readable last, when they are chosen.
#}
{% macro golden_values(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set choices = dbt_dedup.survivorship(spec) -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

entities as (
    select
        record_id,
        cluster_key,
        entity_id,
        records_in_entity
    from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

members as (
    select
        entities.cluster_key,
        entities.entity_id,
        entities.records_in_entity,
        records.record_id,
        records.source,
        records.updated_at,
        {%- for field in spec.fields %}
        records.{{ field.name }},
        records.{{ field.name }}__original{{ ',' if not loop.last }}
        {%- endfor %}
    from records
    inner join entities on records.record_id = entities.record_id
),

shared as (
    select * from members
    where records_in_entity > 1
),

entity_sources as (
    select distinct
        cluster_key,
        source
    from shared
    where source is not null
),

listed_sources as (
    select
        cluster_key,
        {{ dbt_dedup.joined_values('source', ', ') }} as sources
    from entity_sources
    group by cluster_key
),

shared_entities as (
    select
        cluster_key,
        entity_id,
        count(*) as record_count,
        min(updated_at) as first_updated_at,
        max(updated_at) as last_updated_at
    from shared
    group by cluster_key, entity_id
),
{% for choice in choices %}
-- {{ choice.fields | map(attribute='name') | join(', ') }}: {{ choice.rule }}
{{ choice.name }}__counted as (
    select
        cluster_key,
        record_id,
        source,
        updated_at,
        {%- for field in choice.fields %}
        {{ field.name }},
        {{ field.name }}__original,
        {%- endfor %}
        count(*) over (partition by cluster_key, {{ choice.fields | map(attribute='name') | join(', ') }}) as frequency
    from shared
    where
        {{ choice.fields | map(attribute='name') | join(' is not null\n        or ') }} is not null
),

{{ choice.name }}__ranked as (
    select
        *,
        row_number() over (
            partition by cluster_key
            order by
                {%- for term in dbt_dedup.survivorship_order(spec, choice) %}
                {{ term | indent(16) }}{{ ',' if not loop.last }}
                {%- endfor %}
        ) as place
    from {{ choice.name }}__counted
),

{{ choice.name }}__chosen as (
    select * from {{ choice.name }}__ranked
    where place = 1
),
{% endfor %}
chosen as (
    select
        entity_id,
        cast(1 as bigint) as record_count,
        source as sources,
        updated_at as first_updated_at,
        updated_at as last_updated_at
        {%- for choice in choices %}
        {%- for field in choice.fields %},
        {{ field.name }},
        {{ field.name }}__original
        {%- endfor %},
        record_id as {{ choice.name }}__record_id
        {%- endfor %}
    from members
    where records_in_entity = 1
    union all
    select
        shared_entities.entity_id,
        shared_entities.record_count,
        listed_sources.sources,
        shared_entities.first_updated_at,
        shared_entities.last_updated_at
        {%- for choice in choices %}
        {%- for field in choice.fields %},
        {{ choice.name }}__chosen.{{ field.name }},
        {{ choice.name }}__chosen.{{ field.name }}__original
        {%- endfor %},
        {{ choice.name }}__chosen.record_id as {{ choice.name }}__record_id
        {%- endfor %}
    from shared_entities
    left join listed_sources on shared_entities.cluster_key = listed_sources.cluster_key
    {%- for choice in choices %}
    left join {{ choice.name }}__chosen on shared_entities.cluster_key = {{ choice.name }}__chosen.cluster_key
    {%- endfor %}
),

final as (
    select
        entity_id,
        record_count,
        sources,
        first_updated_at,
        last_updated_at
        {%- for choice in choices %}
        {%- for field in choice.fields %}
        {%- set served = dbt_dedup.served_value(field) %},
        {{ served if served == field.name else served | indent(8) ~ ' as ' ~ field.name }},
        case when {{ field.name }} is not null then {{ choice.name }}__record_id end as {{ field.name }}__record_id
        {%- endfor %}
        {%- endfor %}
    from chosen
)

select * from final
{% endmacro %}
