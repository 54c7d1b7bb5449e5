{#
    The SQL of golden_values. `changed` is SQL of CTEs up to `entities`, those to give a golden record, and changed_entities with
    their row_hash (see _changed_entities).
#}
{% macro _golden_values_of(entity_name, changed=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set choices = dbt_dedup._survivorship(spec) -%}
{%- set fields = [] -%}
{%- for choice in choices -%}{%- do fields.extend(choice.fields) -%}{%- endfor -%}
{%- set priority = [] -%}
{%- for source in spec.source_priority -%}
    {%- do priority.append("when '" ~ source | replace("'", "''") ~ "' then " ~ loop.index) -%}
{%- endfor -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

{% if changed -%}
{{ changed }}
{%- else -%}
entities as (
    select
        record_id,
        cluster_key,
        entity_id,
        records_in_entity
    from {{ ref('int_' ~ entity_name ~ '__entities') }}
),
{%- endif %}

value_counts as (
    select * from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
    {%- if spec.incremental %}
    where is_counted
    {%- endif %}
),

token_counts as (
    select * from {{ ref('int_' ~ entity_name ~ '__token_counts') }}
    {%- if spec.incremental %}
    where is_counted
    {%- endif %}
),

members as (
    select
        entities.cluster_key,
        entities.entity_id,
        entities.records_in_entity,
        records.record_id,
        records.source,
        records.updated_at,
        {{ 'case records.source ' ~ priority | join(' ') ~ ' else 1000 end' if priority else '1000' }} as source_rank,
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
{{ dbt_dedup._choice_ctes(spec, choice) }}
{%- endfor %}
chosen as (
    select
        entity_id,
        cast(1 as bigint) as record_count,
        source as sources,
        updated_at as first_updated_at,
        updated_at as last_updated_at
        {%- for field in fields %},
        {{ field.name }},
        {{ field.name }}__original,
        record_id as {{ field.name }}__record_id
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
        {%- for field in fields %},
        {{ field.name }}__chosen.{{ field.name }},
        {{ field.name }}__chosen.{{ field.name }}__original,
        {{ field.name }}__chosen.record_id as {{ field.name }}__record_id
        {%- endfor %}
    from shared_entities
    left join listed_sources on shared_entities.cluster_key = listed_sources.cluster_key
    {%- for field in fields %}
    left join {{ field.name }}__chosen on shared_entities.cluster_key = {{ field.name }}__chosen.cluster_key
    {%- endfor %}
),

{{ dbt_dedup._meant_ctes('chosen', fields) }}

{{ 'served' if spec.overrides else 'final' }} as (
    select
        entity_id,
        record_count,
        sources,
        first_updated_at,
        last_updated_at
        {%- for field in fields %}
        {%- set served = dbt_dedup._served_value(field) %},
        {{ served if served == field.name else served | indent(8) ~ ' as ' ~ field.name }},
        case when {{ field.name }} is not null then {{ field.name }}__record_id end as {{ field.name }}__record_id
        {%- endfor %}
    from chosen__meant
)
{%- if spec.overrides %},

pins as (
    select
        entity_id
        {%- for field in fields %},
        max(case when field = '{{ field.name }}' then value end) as {{ field.name }},
        max(case when field = '{{ field.name }}' then record_id end) as {{ field.name }}__record_id
        {%- endfor %}
    from {{ ref('int_' ~ entity_name ~ '__pins') }}
    where is_served
    group by entity_id
),

final as (
    select
        served.entity_id,
        served.record_count,
        served.sources,
        served.first_updated_at,
        served.last_updated_at
        {%- for field in fields %},
        coalesce({{ dbt_dedup._pinned_value(field, 'pins.' ~ field.name) }}, served.{{ field.name }}) as {{ field.name }},
        coalesce(pins.{{ field.name }}__record_id, served.{{ field.name }}__record_id) as {{ field.name }}__record_id
        {%- endfor %}
    from served
    left join pins on served.entity_id = pins.entity_id
)
{%- endif %}

{% if changed -%}
select
    final.*,
    changed_entities.row_hash,
    changed_entities.definition
from final
inner join changed_entities on final.entity_id = changed_entities.entity_id
{%- else -%}
select * from final
{%- endif %}
{% endmacro %}
