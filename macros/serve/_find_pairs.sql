{#
    SQL of the pairs of a new record with the records that it is compared with, one row per pair: those that a blocking rule
    proposes or that are identical to it (see candidate_pairs), and all others of their entities. `new_records` has the columns of
    int_<entity>__keyed_records, `new_keys` those of int_<entity>__block_keys. `known` names the tables, or the rows of them that
    concern the new records: `block_keys`, `entities` and `records`.
#}
{% macro _find_pairs(entity_name, new_records, new_keys, known) -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set by_source = {'link_only': 'is distinct from', 'dedupe_only': 'is not distinct from'}.get(spec.source_mode) -%}
{%- set is_equal, is_known = [], [] -%}
{%- for field in spec.fields -%}
    {%- do is_equal.append('known.' ~ field.name ~ ' is not distinct from new_records.' ~ field.name) -%}
    {%- do is_known.append('new_records.' ~ field.name ~ ' is not null') -%}
{%- endfor -%}
{%- if spec.source_mode == 'dedupe_only' -%}
    {%- do is_equal.append('known.source is not distinct from new_records.source') -%}
{%- endif -%}
with

new_records as (
    select * from {{ new_records }}
),

new_keys as (
    select * from {{ new_keys }}
),

entities as (
    select * from {{ known.entities }}
),

met as (
    select
        new_keys.rule_id,
        new_keys.key_hash,
        {%- if by_source %}
        known.source {{ by_source }} new_keys.source as is_allowed,
        {%- endif %}
        new_keys.record_key as record_key_r,
        known.record_key as record_key_l
    from {{ known.block_keys }} as known
    inner join new_keys on known.key_hash = new_keys.key_hash and known.rule_id = new_keys.rule_id
),

key_counts as (
    select
        record_key,
        count(*) as block_keys
    from new_keys
    group by record_key
),

-- identical records have the same keys, so they meet in every block, however large
met_in_all as (
    select
        met.record_key_l,
        met.record_key_r
    from met
    inner join key_counts on met.record_key_r = key_counts.record_key
    group by met.record_key_l, met.record_key_r, key_counts.block_keys
    having count(*) = key_counts.block_keys
),

without_keys as (
    select new_records.*
    from new_records
    left join key_counts on new_records.record_key = key_counts.record_key
    where key_counts.record_key is null and ({{ is_known | join(' or ') | replace(' or ', '\n        or ') }})
),

identical as (
    {%- if spec.source_mode == 'link_only' %}
    select * from met_in_all
    where false
    {%- else %}
    select met_in_all.*
    from met_in_all
    inner join new_records on met_in_all.record_key_r = new_records.record_key
    inner join {{ known.records }} as known on met_in_all.record_key_l = known.record_key
    where
        {{ is_equal | join('\n        and ') }}
    union all
    select
        known.record_key as record_key_l,
        new_records.record_key as record_key_r
    from without_keys as new_records
    inner join {{ known.records }} as known
        on {{ is_equal | join('\n        and ') }}
    where known.record_key = known.representative_key
    {%- endif %}
),

-- with the new record, unless it is the copy of one that is in the block already
blocks as (
    select
        met.record_key_r,
        met.rule_id,
        met.key_hash,
        count(*) + max(case when met.record_key_r in (select record_key_r from identical) then 0 else 1 end) as records
    from met
    group by met.record_key_r, met.rule_id, met.key_hash
),

proposed as (
    select
        met.record_key_l,
        met.record_key_r,
        {{ dbt_dedup.bit_flag('met.rule_id') }} as rule_bit
    from met
    inner join blocks
        on met.record_key_r = blocks.record_key_r
        and met.rule_id = blocks.rule_id
        and met.key_hash = blocks.key_hash
    where blocks.records <= {{ spec.max_block_size }}{{ ' and met.is_allowed' if by_source }}
    union all
    select
        record_key_l,
        record_key_r,
        {{ dbt_dedup.bit_flag(spec.blocking | length) }} as rule_bit
    from identical
),

candidates as (
    select
        record_key_l,
        record_key_r,
        {{ dbt_dedup.all_bits('rule_bit') }} as rule_mask
    from proposed
    group by record_key_l, record_key_r
),

touched as (
    select distinct
        candidates.record_key_r,
        entities.cluster_key
    from candidates
    inner join entities on candidates.record_key_l = entities.record_key
),

members as (
    select
        entities.*,
        touched.record_key_r
    from entities
    inner join touched on entities.cluster_key = touched.cluster_key
),

represented as (
    select
        record_key,
        representative_key
    from {{ known.records }}
    where record_key in (select record_key from members)
)

select
    members.record_key as record_key_l,
    members.record_key_r,
    members.record_id as record_id_l,
    members.entity_id,
    members.records_in_entity,
    represented.representative_key,
    coalesce(candidates.rule_mask, 0) as rule_mask
from members
inner join represented on members.record_key = represented.record_key
left join candidates
    on members.record_key = candidates.record_key_l
    and members.record_key_r = candidates.record_key_r
{%- endmacro %}
