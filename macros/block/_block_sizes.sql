{#
    CTEs that end with `blocks`, one row per block of at least two records: rule_id, key_hash, records, pairs (only those that
    source_mode allows) and first_record_key, the smallest key in the block. They read a CTE `block_keys`, or another of `keys`
    with its columns, such as the keys that are known to be shared. The number of pairs is thus known before any join.
#}
{% macro _block_sizes(spec, keys='block_keys') -%}
{%- if spec.source_mode == 'both' -%}
blocks as (
    select
        rule_id,
        key_hash,
        count(*) as records,
        cast(count(*) * (count(*) - 1) / 2 as bigint) as pairs,
        min(record_key) as first_record_key
    from {{ keys }}
    group by rule_id, key_hash
    having count(*) > 1
)
{%- else -%}
blocks_by_source as (
    select
        rule_id,
        key_hash,
        source,
        count(*) as records,
        min(record_key) as first_record_key
    from {{ keys }}
    group by rule_id, key_hash, source
),

blocks as (
    select
        rule_id,
        key_hash,
        cast(sum(records) as bigint) as records,
        {%- if spec.source_mode == 'dedupe_only' %}
        cast(sum(records * (records - 1)) / 2 as bigint) as pairs,
        {%- else %}
        cast((sum(records) * sum(records) - sum(records * records)) / 2 as bigint) as pairs,
        {%- endif %}
        min(first_record_key) as first_record_key
    from blocks_by_source
    group by rule_id, key_hash
    having sum(records) > 1
)
{%- endif -%}
{%- endmacro %}
