{#
    Runs before int_<entity>__candidate_pairs is built. Counts the pairs that the rules propose and stops above max_pairs. The
    message names the rule that proposes most pairs, and its largest block.
#}
{% macro check_pair_count(entity_name) %}
    {%- if execute -%}
        {%- set spec = dbt_dedup.entity(entity_name) -%}
        {%- set blocks -%}
with

block_keys as (
    select * from {{ ref('int_' ~ entity_name ~ '__block_keys') }}
),

{{ dbt_dedup.block_sizes(spec) }}
        {%- endset -%}
        {%- set pairs_by_rule -%}
{{ blocks }}

select
    rule_id,
    sum(pairs) as pairs
from blocks
where records <= {{ spec.max_block_size }}
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
    {%- endif -%}
{% endmacro %}
