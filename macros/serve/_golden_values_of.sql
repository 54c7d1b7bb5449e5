{#
    The SQL of golden_values. `changed` is SQL of CTEs up to `entities`, those to give a golden record, `records`, which has theirs,
    and changed_entities with their row_hash (see _changed_entities).
#}
{% macro _golden_values_of(entity_name, changed=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set choices = dbt_dedup._survivorship(spec) -%}
{%- set fields = [] -%}
{%- for choice in choices -%}{%- do fields.extend(choice.fields) -%}{%- endfor -%}
{%- set shown_as_text = [] -%}
{%- for field in fields if dbt_dedup.prepare_field(field).shown != field.name -%}{%- do shown_as_text.append(field.name) -%}{%- endfor -%}
{%- set priority = [] -%}
{%- for source in spec.source_priority -%}
    {%- do priority.append("when '" ~ source | replace("'", "''") ~ "' then " ~ loop.index) -%}
{%- endfor -%}
{%- set source_rank = 'case records.source ' ~ priority | join(' ') ~ ' else 1000 end' if priority else '1000' -%}
{%- set records = 'records' if changed else ref('stg_' ~ entity_name ~ '__records') ~ ' as records' -%}
{%- set entities = 'entities' if changed else ref('int_' ~ entity_name ~ '__entities') ~ ' as entities' -%}
with

{% if changed -%}
{{ changed }}

{% endif -%}
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

-- without the fields, which the engine would sort too
members as (
    select
        entities.cluster_key,
        entities.entity_id,
        entities.record_id,
        {{ source_rank }} as source_rank,
        row_number() over (
            partition by entities.cluster_key
            order by
                records.updated_at desc nulls last,
                {{ source_rank }} asc,
                entities.record_id asc
        ) as entity__place
    from {{ entities }}
    inner join {{ records }} on entities.record_id = records.record_id
    where entities.records_in_entity > 1
),

shared as (
    select
        members.*,
        records.source,
        records.updated_at,
        {%- for field in spec.fields %}
        records.{{ field.name }},
        records.{{ field.name }}__original{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    inner join {{ records }} on members.record_id = records.record_id
),

shared_entities as (
    select
        cluster_key,
        entity_id,
        count(*) as record_count,
        {{ dbt_dedup.joined_values('source', ', ') }} as sources,
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
        entities.entity_id,
        cast(1 as bigint) as record_count,
        records.source as sources,
        records.updated_at as first_updated_at,
        records.updated_at as last_updated_at
        {%- for field in fields %},
        records.{{ field.name }}
        {%- if field.name in shown_as_text %},
        records.{{ field.name }}__original
        {%- endif %},
        records.record_id as {{ field.name }}__record_id
        {%- endfor %}
    from {{ entities }}
    inner join {{ records }} on entities.record_id = records.record_id
    where entities.records_in_entity = 1
    union all
    select
        shared_entities.entity_id,
        shared_entities.record_count,
        shared_entities.sources,
        shared_entities.first_updated_at,
        shared_entities.last_updated_at
        {%- for field in fields %},
        {{ field.name }}__chosen.{{ field.name }}
        {%- if field.name in shown_as_text %},
        {{ field.name }}__chosen.{{ field.name }}__original
        {%- endif %},
        {{ field.name }}__chosen.{{ field.name }}__record_id
        {%- endfor %}
    from shared_entities
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
