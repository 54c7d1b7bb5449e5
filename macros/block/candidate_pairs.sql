{#
    int_<entity>__candidate_pairs, one row per pair of records that some blocking rule proposes, record_key_l <
    record_key_r, with one bit for each rule that proposed it (bit n = rule n in the order of the spec; the bit after the
    last rule = the two records are identical in every field). Blocks above max_block_size are left out.
#}
{% macro candidate_pairs(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{{ config(pre_hook="{{ dbt_dedup.check_pair_count('" ~ entity_name ~ "') }}") }}
with

block_keys as (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
),

blocks as (
    {{ dbt_dedup.block_sizes(spec, 'block_keys') | indent(4) }}
),

kept_keys as (
    select block_keys.*
    from block_keys
    inner join blocks on block_keys.rule_id = blocks.rule_id and block_keys.key_hash = blocks.key_hash
    where blocks.records <= {{ spec.max_block_size }}
),

proposed as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        cast(1 as bigint) << l.rule_id as rule_bit
    from kept_keys as l
    inner join kept_keys as r
        on l.rule_id = r.rule_id
        and l.key_hash = r.key_hash
        and l.record_key < r.record_key
        {%- if spec.source_mode == 'link_only' %}
        and l.source is distinct from r.source
        {%- elif spec.source_mode == 'dedupe_only' %}
        and l.source is not distinct from r.source
        {%- endif %}
),

identical as (
    select
        representative_key as record_key_l,
        record_key as record_key_r,
        cast(1 as bigint) << {{ spec.blocking | length }} as rule_bit
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
    where representative_key < record_key
),

final as (
    select
        record_key_l,
        record_key_r,
        bit_or(rule_bit) as rule_mask
    from proposed
    group by record_key_l, record_key_r
    union all
    select * from identical
)

select * from final
{% endmacro %}
