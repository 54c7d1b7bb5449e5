{#
    Runs before int_<entity>__candidate_pairs is built. Counts the pairs that the rules propose and stops above max_pairs. The
    message names the rule that proposes most pairs, and its largest block. Warns where blocks propose nothing because they are
    above max_block_size.
#}
{% macro _check_pair_count(entity_name) %}
    {%- if execute -%}
        {%- set spec = dbt_dedup.entity(entity_name) -%}
        {%- set blocks -%}
with

block_keys as (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
),

{{ dbt_dedup._block_sizes(spec) }}
        {%- endset -%}
        {%- set pairs_by_rule -%}
{{ blocks }}

select
    rule_id,
    sum(case when records <= {{ spec.max_block_size }} then pairs else 0 end) as pairs,
    count(case when records > {{ spec.max_block_size }} then 1 end) as dropped_blocks,
    sum(case when records > {{ spec.max_block_size }} then pairs else 0 end) as dropped_pairs,
    max(records) as largest_block
from blocks
group by rule_id
order by pairs desc, rule_id asc
        {%- endset -%}
        {%- set counts = run_query(pairs_by_rule).rows -%}
        {%- set total = counts | map(attribute=1) | sum -%}
        {%- if total > spec.max_pairs -%}
            {%- set rule = spec.blocking[counts[0][0] | int] -%}
            {%- set columns = rule.parts | map(attribute='column') | list -%}
            {%- set largest_block -%}
{{ blocks }}

select
    blocks.records,
    {%- for column in columns %}
    records.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from blocks
inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as records on blocks.first_record_key = records.record_key
where blocks.rule_id = {{ rule.id }} and blocks.records <= {{ spec.max_block_size }}
order by blocks.records desc, blocks.first_record_key asc
limit 1
            {%- endset -%}
            {%- set largest = run_query(largest_block).rows[0].values() | list -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "': the blocking rules propose " ~ '{:,}'.format(total | int)
                ~ " pairs, more than max_pairs (" ~ '{:,}'.format(spec.max_pairs) ~ "). The rule [" ~ rule.name
                ~ "] alone proposes " ~ '{:,}'.format(counts[0][1] | int) ~ "; its largest block holds "
                ~ '{:,}'.format(largest[0] | int) ~ " records, with (" ~ columns | join(', ') ~ ") = ("
                ~ largest[1:] | join(', ') ~ "). Add a key to this rule, lower max_block_size, or raise max_pairs."
            ) -}}
        {%- endif -%}
        {%- for row in counts if row[2] > 0 -%}
            {%- do exceptions.warn(
                "dbt_dedup: entity '" ~ entity_name ~ "': the rule [" ~ spec.blocking[row[0] | int].name ~ "] leaves out "
                ~ '{:,}'.format(row[2] | int) ~ " block(s) of more than max_block_size (" ~ '{:,}'.format(spec.max_block_size)
                ~ ") records, the largest of " ~ '{:,}'.format(row[4] | int) ~ ", and with them " ~ '{:,}'.format(row[3] | int)
                ~ " pairs. Duplicates that no other rule proposes are missed. Add a key to this rule, raise max_block_size, or list"
                ~ " the value that they share in dedup_placeholders."
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
