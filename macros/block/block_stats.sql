{# <entity>_block_stats, one row per blocking rule: what it covers, what it costs, and what only it finds. #}
{% macro block_stats(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set identical_bit = spec.blocking | length -%}
with

records as (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

block_keys as (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
),

candidate_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

rules as (
    {%- for rule in spec.blocking %}
    select
        cast({{ rule.id }} as smallint) as rule_id,
        '{{ rule.name }}' as rule
    union all
    {%- endfor %}
    select
        cast({{ identical_bit }} as smallint) as rule_id,
        'identical records' as rule
),

blocks as (
    {{ dbt_dedup.block_sizes(spec, 'block_keys') | indent(4) }}
),

represented as (
    select
        representative_key,
        count(*) as records
    from records
    group by representative_key
),

covered as (
    select
        keyed.rule_id,
        sum(represented.records) as records_covered
    from (
        select distinct
            rule_id,
            record_key
        from block_keys
    ) as keyed
    inner join represented on keyed.record_key = represented.representative_key
    group by keyed.rule_id
),

key_counts as (
    select
        counted.rule_id,
        counted.block_keys,
        covered.records_covered
    from (
        select
            rule_id,
            count(distinct key_hash) as block_keys
        from block_keys
        group by rule_id
    ) as counted
    inner join covered on counted.rule_id = covered.rule_id
    union all
    select
        cast({{ identical_bit }} as smallint) as rule_id,
        count(*) as block_keys,
        sum(records) as records_covered
    from represented
    where records > 1
),

block_counts as (
    select
        rule_id,
        max(records) as largest_block,
        max(case when records <= {{ spec.max_block_size }} then pairs end) as largest_block_pairs,
        count(case when records > {{ spec.max_block_size }} then 1 end) as dropped_blocks,
        sum(case when records > {{ spec.max_block_size }} then records else 0 end) as dropped_records,
        sum(case when records > {{ spec.max_block_size }} then pairs else 0 end) as dropped_pairs
    from blocks
    group by rule_id
),

largest_blocks as (
    select
        blocks.rule_id,
        records.record_id as largest_block_example
    from blocks
    inner join records on blocks.first_record_key = records.record_key
    where true
    qualify row_number() over (partition by blocks.rule_id order by blocks.records desc, blocks.first_record_key asc) = 1
),

masks as (
    select
        rule_mask,
        count(*) as pairs
    from candidate_pairs
    group by rule_mask
),

pair_counts as (
    select
        rules.rule_id,
        sum(masks.pairs) as pairs,
        sum(case when masks.rule_mask = cast(1 as bigint) << rules.rule_id then masks.pairs else 0 end) as pairs_only_this_rule
    from rules
    inner join masks on masks.rule_mask & (cast(1 as bigint) << rules.rule_id) <> 0
    group by rules.rule_id
),

final as (
    select
        cast(rules.rule_id as integer) as rule_number,
        rules.rule,
        cast(coalesce(key_counts.block_keys, 0) as bigint) as block_keys,
        cast(coalesce(key_counts.records_covered, 0) as bigint) as records_covered,
        cast(coalesce(block_counts.largest_block, 0) as bigint) as largest_block,
        largest_blocks.largest_block_example,
        cast(block_counts.largest_block_pairs as double) / pair_counts.pairs as largest_block_share,
        cast(coalesce(pair_counts.pairs, 0) as bigint) as pairs,
        cast(coalesce(pair_counts.pairs_only_this_rule, 0) as bigint) as pairs_only_this_rule,
        cast(coalesce(block_counts.dropped_blocks, 0) as bigint) as dropped_blocks,
        cast(coalesce(block_counts.dropped_records, 0) as bigint) as dropped_records,
        cast(coalesce(block_counts.dropped_pairs, 0) as bigint) as dropped_pairs
    from rules
    left join key_counts on rules.rule_id = key_counts.rule_id
    left join block_counts on rules.rule_id = block_counts.rule_id
    left join largest_blocks on rules.rule_id = largest_blocks.rule_id
    left join pair_counts on rules.rule_id = pair_counts.rule_id
)

select * from final
order by rule_number
{% endmacro %}
