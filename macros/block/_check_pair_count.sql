{#
    Runs before int_<entity>__candidate_pairs is built. Counts the pairs that the rules propose and stops above max_pairs. The
    message names the rule that proposes most pairs, and its largest block by a record_id: the values of the block only with the
    variable dedup_show_values, because logs are read by more people than the data. Warns of what is left out of the blocks above
    max_block_size.
#}
{% macro _check_pair_count(entity_name) %}
    {%- if execute -%}
        {%- set spec = dbt_dedup.entity(entity_name) -%}
        {#- where all pairs of a block are allowed, its size says how many: only blocks that are too large need be put together -#}
        {%- set counted_alone = spec.source_mode == 'both' -%}
        {%- set pairs_by_rule -%}
with

block_keys as not materialized (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
    where records_in_block > 1
),

{% if counted_alone -%}
kept as (
    select
        rule_id,
        sum(case when records_in_block <= {{ spec.max_block_size }} then records_in_block - 1 else 0 end) / 2 as pairs,
        max(records_in_block) as largest_block
    from block_keys
    group by rule_id
),

large_block_keys as (
    select * from block_keys
    where records_in_block > {{ spec.max_block_size }}
),

{{ dbt_dedup._block_sizes(spec, 'large_block_keys') }},
{%- else -%}
{{ dbt_dedup._block_sizes(spec) }},

kept as (
    select
        rule_id,
        sum(case when records <= {{ spec.max_block_size }} then pairs else 0 end) as pairs,
        max(records) as largest_block
    from blocks
    group by rule_id
),
{%- endif %}

dropped as (
    select
        rule_id,
        count(*) as blocks,
        sum(pairs) as pairs,
        sum(records) as records
    from blocks
    where records > {{ spec.max_block_size }}
    group by rule_id
),

{{ dbt_dedup._refined_pairs(spec) }}

select
    kept.rule_id,
    cast(kept.pairs as bigint) as pairs,
    coalesce(dropped.blocks, 0) as dropped_blocks,
    coalesce(dropped.pairs, 0) - coalesce(refined.pairs, 0) as dropped_pairs,
    coalesce(dropped.records, 0) as dropped_records,
    kept.largest_block
from kept
left join dropped on kept.rule_id = dropped.rule_id
left join refined on kept.rule_id = refined.rule_id
order by pairs desc, rule_id asc
        {%- endset -%}
        {%- set counts = run_query(pairs_by_rule).rows -%}
        {%- set total = counts | map(attribute=1) | sum -%}
        {%- if total > spec.max_pairs -%}
            {%- set rule = spec.blocking[counts[0][0] | int] -%}
            {%- set columns = rule.parts | map(attribute='column') | list if var('dedup_show_values', false) else [] -%}
            {%- set largest_block -%}
with

block_keys as (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
    where rule_id = {{ rule.id }} and records_in_block between 2 and {{ spec.max_block_size }}
),

{{ dbt_dedup._block_sizes(spec) }}

select
    blocks.records,
    records.record_id
    {%- for column in columns %},
    records.{{ column }}
    {%- endfor %}
from blocks
inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as records on blocks.first_record_key = records.record_key
order by blocks.records desc, blocks.first_record_key asc
limit 1
            {%- endset -%}
            {%- set largest = run_query(largest_block).rows[0].values() | list -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "': the blocking rules propose " ~ '{:,}'.format(total | int)
                ~ " pairs, more than max_pairs (" ~ '{:,}'.format(spec.max_pairs) ~ "). The rule [" ~ rule.name
                ~ "] alone proposes " ~ '{:,}'.format(counts[0][1] | int) ~ "; its largest block holds "
                ~ '{:,}'.format(largest[0] | int) ~ " records, among them '" ~ largest[1] ~ "'"
                ~ (", with (" ~ columns | join(', ') ~ ") = (" ~ largest[2:] | join(', ') ~ ")" if columns else
                   " (--vars '{dedup_show_values: true}' shows the values)") ~ ". Add a key to this rule, lower max_block_size, or raise max_pairs."
            ) -}}
        {%- endif -%}
        {%- for row in counts if row[3] > 0 -%}
            {%- do exceptions.warn(
                "dbt_dedup: entity '" ~ entity_name ~ "': the rule [" ~ spec.blocking[row[0] | int].name ~ "] has "
                ~ '{:,}'.format(row[2] | int) ~ " block(s) of more than max_block_size (" ~ '{:,}'.format(spec.max_block_size)
                ~ ") records, the largest of " ~ '{:,}'.format(row[5] | int) ~ ". Their " ~ '{:,}'.format(row[4] | int)
                ~ " records meet by other fields and by their neighbours only, which leaves out " ~ '{:,}'.format(row[3] | int)
                ~ " pairs. Duplicates among these that no other rule proposes are missed. Add a key to this rule, raise"
                ~ " max_block_size, or list the value that they share in dedup_placeholders."
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
