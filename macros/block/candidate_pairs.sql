{#
    int_<entity>__candidate_pairs, one row per pair of records that at least one blocking rule proposes, with record_key_l <
    record_key_r and rule_mask: bit n is set if rule n of the spec proposes the pair, and the bit after the last rule if the
    two records are identical in every field. Blocks above max_block_size propose only what divides them.
#}
{% macro candidate_pairs(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- do config(pre_hook="{{ dbt_dedup._check_pair_count('" ~ entity_name ~ "') }}") -%}
with

records as not materialized (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

block_keys as not materialized (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
),

kept_keys as (
    select
        rule_id,
        key_hash,
        record_key
        {%- if spec.source_mode != 'both' %},
        source
        {%- endif %}
    from block_keys
    where records_in_block between 2 and {{ spec.max_block_size }}
),

proposed as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        {{ dbt_dedup.bit_flag('l.rule_id') }} as rule_bit
    from kept_keys as l
    inner join kept_keys as r
        on l.rule_id = r.rule_id
        and l.key_hash = r.key_hash
        and l.record_key < r.record_key
        {%- if spec.source_mode != 'both' %}
        {{ dbt_dedup._source_allows(spec) }}
        {%- endif %}
),

proposed_once as (
    select
        record_key_l,
        record_key_r,
        {{ dbt_dedup.all_bits('rule_bit') }} as rule_mask
    from proposed
    group by record_key_l, record_key_r
),

identical as (
    select
        representative_key as record_key_l,
        record_key as record_key_r,
        {{ dbt_dedup.bit_flag(spec.blocking | length) }} as rule_mask
    from records
    where representative_key < record_key
),

final as (
    select * from proposed_once
    union all
    select * from identical
)

select * from final
{% endmacro %}
