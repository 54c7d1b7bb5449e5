{#
    The CTE `refined`, one row per rule with refined blocks: how many distinct pairs of blocks above max_block_size the keys that
    divide these blocks propose. It reads a CTE `block_keys`.
#}
{% macro _refined_pairs(spec) -%}
refined_pairs as (
    select distinct
        l.rule_id,
        l.refines,
        l.record_key as record_key_l,
        r.record_key as record_key_r
    from block_keys as l
    inner join block_keys as r
        on l.rule_id = r.rule_id
        and l.key_hash = r.key_hash
        and l.record_key < r.record_key
        {%- if spec.source_mode != 'both' %}
        {{ dbt_dedup._source_allows(spec) }}
        {%- endif %}
    where l.refines is not null
),

refined as (
    select
        rule_id,
        count(*) as pairs
    from refined_pairs
    group by rule_id
)
{%- endmacro %}
