{#
    CTEs from `changed_entities`, the entities of the CTE `all_entities` whose golden record is missing or was chosen from other
    records, pins or rules, with row_hash, a hash of all these, to `entities`, their records. They read the CTE `records`.
#}
{% macro _changed_entities(spec, definition) -%}
{%- set keeps = dbt_dedup._kept_rows() -%}
{%- if not keeps -%}
{{ dbt_dedup._every_row() }}
{% endif -%}
member_hashes as (
    select
        all_entities.entity_id,
        count(*) as members,
        sum({{ dbt_dedup.hash_values(['records.record_id', 'records.row_hash']) }}) as members_hash
    from all_entities
    inner join records on all_entities.record_id = records.record_id
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

entities as (
    select all_entities.*
    from all_entities
    inner join changed_entities on all_entities.entity_id = changed_entities.entity_id
),
{%- endmacro %}
