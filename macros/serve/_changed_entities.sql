{#
    CTEs from `changed_entities`, the entities whose golden record is missing or was chosen from other records, pins or rules, with
    row_hash, a hash of all these, to `entities`, the keys of their records, and `records`. Tables are joined where they are read:
    of a CTE that is read several times the engine would copy all records. A few are copied, to be read once.
#}
{% macro _changed_entities(spec, definition) -%}
{%- set all_entities = ref('int_' ~ spec.name ~ '__entities') -%}
{%- set keeps = dbt_dedup._kept_rows() -%}
{%- if not keeps -%}
{{ dbt_dedup._every_row() }}
{% endif -%}
member_hashes as (
    select
        all_entities.entity_id,
        count(*) as members,
        sum({{ dbt_dedup.hash_values(['records.record_id', 'records.row_hash']) }}) as members_hash
    from {{ all_entities }} as all_entities
    inner join {{ ref('stg_' ~ spec.name ~ '__records') }} as records on all_entities.record_id = records.record_id
    group by all_entities.entity_id
),

{% if spec.overrides -%}
pin_hashes as (
    select
        entity_id,
        sum({{ dbt_dedup.hash_values(['field', 'value', 'record_id']) | indent(8) }}) as pins_hash
    from {{ ref('int_' ~ spec.name ~ '__pins') }}
    where is_served
    group by entity_id
),

{% endif -%}
entity_hashes as (
    select
        member_hashes.entity_id,
        {%- set hashed = ['member_hashes.members', 'member_hashes.members_hash']
            + (['pin_hashes.pins_hash'] if spec.overrides else []) + [definition] %}
        {{ dbt_dedup.hash_values(hashed) | indent(8) }} as row_hash
    from member_hashes
    {%- if spec.overrides %}
    left join pin_hashes on member_hashes.entity_id = pin_hashes.entity_id
    {%- endif %}
),

changed_entities as (
    select
        entity_hashes.*,
        {{ definition }} as definition
    from entity_hashes
    {%- if keeps %}
    left join {{ this }} as known on entity_hashes.entity_id = known.entity_id
    where known.row_hash is distinct from entity_hashes.row_hash
    {%- endif %}
),

entities as materialized (
    select
        all_entities.record_id,
        all_entities.cluster_key,
        all_entities.entity_id,
        all_entities.records_in_entity
    from {{ all_entities }} as all_entities
    inner join changed_entities on all_entities.entity_id = changed_entities.entity_id
),

{% if keeps -%}
records as materialized (
    select all_records.*
    from {{ ref('stg_' ~ spec.name ~ '__records') }} as all_records
    inner join entities on all_records.record_id = entities.record_id
),
{%- else -%}
records as not materialized (
    select * from {{ ref('stg_' ~ spec.name ~ '__records') }}
),
{%- endif %}
{%- endmacro %}
