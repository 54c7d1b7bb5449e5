{#
    <entity>_block_stats, one row per blocking rule and one for records that are equal in every field: what the rule covers,
    what it costs, and what only it finds.
#}
{% macro block_stats(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set identical_id = spec.blocking | length -%}
{#- under a rule of keys that are no lists, a record has one key -#}
{%- set single_key_rules, several_key_rules = [], [] -%}
{%- for rule in spec.blocking -%}
    {%- set has_one = rule.kind == 'keys' and not rule.parts | selectattr('is_list') | list -%}
    {%- do (single_key_rules if has_one else several_key_rules).append(rule.id) -%}
{%- endfor -%}
with

records as (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

block_keys as not materialized (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
),

candidate_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

rules as (
    {%- for rule in spec.blocking %}
    select
        {{ rule.id }} as rule_id,
        '{{ rule.name }}' as rule
    union all
    {%- endfor %}
    select
        {{ identical_id }} as rule_id,
        'identical records' as rule
),

represented as (
    select
        representative_key,
        count(*) as records
    from records
    group by representative_key
),

blocked as (
    {%- if single_key_rules %}
    select
        rule_id,
        record_key
    from block_keys
    where rule_id in ({{ single_key_rules | join(', ') }}) and refines is null
    {%- endif %}
    {%- if single_key_rules and several_key_rules %}
    union all
    {%- endif %}
    {%- if several_key_rules %}
    select distinct
        rule_id,
        record_key
    from block_keys
    where rule_id in ({{ several_key_rules | join(', ') }}) and refines is null
    {%- endif %}
),

covered as (
    select
        blocked.rule_id,
        sum(represented.records) as records_covered
    from blocked
    inner join represented on blocked.record_key = represented.representative_key
    group by blocked.rule_id
    union all
    select
        {{ identical_id }} as rule_id,
        sum(records) as records_covered
    from represented
    where records > 1
),

shared_keys as not materialized (
    select * from block_keys
    where records_in_block > 1
),

{{ dbt_dedup._block_sizes(spec, 'shared_keys') }},

{{ dbt_dedup._refined_pairs(spec) }},

block_counts as (
    select
        rule_id,
        count(*) as blocks,
        sum(records) as records,
        max(records) as largest_block,
        max(case when records <= {{ spec.max_block_size }} then pairs end) as largest_block_pairs,
        count(case when records > {{ spec.max_block_size }} then 1 end) as dropped_blocks,
        sum(case when records > {{ spec.max_block_size }} then records else 0 end) as dropped_records,
        sum(case when records > {{ spec.max_block_size }} then pairs else 0 end) as dropped_pairs
    from blocks
    group by rule_id
),

keys_of_rules as (
    select
        rule_id,
        count(*) as records,
        count(distinct case when refines is not null then key_hash end) as refining_keys
    from block_keys
    group by rule_id
),

-- a key that only one record has makes no block
key_counts as (
    select
        keys.rule_id,
        keys.records - coalesce(block_counts.records - block_counts.blocks, 0) - keys.refining_keys as block_keys
    from keys_of_rules as keys
    left join block_counts on keys.rule_id = block_counts.rule_id
    union all
    select
        {{ identical_id }} as rule_id,
        count(*) as block_keys
    from represented
    where records > 1
),

largest_blocks as (
    select
        blocks.rule_id,
        min(blocks.first_record_key) as first_record_key
    from blocks
    inner join block_counts on blocks.rule_id = block_counts.rule_id and blocks.records = block_counts.largest_block
    group by blocks.rule_id
),

examples as (
    select
        largest_blocks.rule_id,
        records.record_id as largest_block_example
    from largest_blocks
    inner join records on largest_blocks.first_record_key = records.record_key
),

pairs_by_mask as (
    select
        rule_mask,
        count(*) as pairs
    from candidate_pairs
    group by rule_mask
),

pair_counts as (
    select
        rules.rule_id,
        sum(pairs_by_mask.pairs) as pairs,
        sum(
            case when pairs_by_mask.rule_mask = {{ dbt_dedup.bit_flag('rules.rule_id') }} then pairs_by_mask.pairs else 0 end
        ) as pairs_only_this_rule
    from rules
    inner join pairs_by_mask on {{ dbt_dedup.has_bit('pairs_by_mask.rule_mask', 'rules.rule_id') }}
    group by rules.rule_id
),

final as (
    select
        rules.rule_id as rule_number,
        rules.rule,
        cast(coalesce(key_counts.block_keys, 0) as bigint) as block_keys,
        cast(coalesce(covered.records_covered, 0) as bigint) as records_covered,
        cast(coalesce(block_counts.largest_block, 0) as bigint) as largest_block,
        examples.largest_block_example,
        cast(block_counts.largest_block_pairs as double) / pair_counts.pairs as largest_block_share,
        cast(coalesce(pair_counts.pairs, 0) as bigint) as pairs,
        cast(coalesce(pair_counts.pairs_only_this_rule, 0) as bigint) as pairs_only_this_rule,
        cast(coalesce(block_counts.dropped_blocks, 0) as bigint) as dropped_blocks,
        cast(coalesce(block_counts.dropped_records, 0) as bigint) as dropped_records,
        cast(coalesce(block_counts.dropped_pairs, 0) - coalesce(refined.pairs, 0) as bigint) as dropped_pairs,
        cast(coalesce(refined.pairs, 0) as bigint) as refined_pairs
    from rules
    left join key_counts on rules.rule_id = key_counts.rule_id
    left join covered on rules.rule_id = covered.rule_id
    left join block_counts on rules.rule_id = block_counts.rule_id
    left join refined on rules.rule_id = refined.rule_id
    left join examples on rules.rule_id = examples.rule_id
    left join pair_counts on rules.rule_id = pair_counts.rule_id
)

select * from final
order by rule_number asc
{% endmacro %}
