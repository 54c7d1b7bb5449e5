{#
    SQL of one row per block of two records or more: rule_id, key_hash, records, pairs (those of the source mode) and
    first_record_key. The number of pairs is known here, before any join.
#}
{% macro block_sizes(spec, block_keys) %}
    {%- set grouped -%}
        select
            rule_id,
            key_hash,
            count(*) as records,
            min(record_key) as first_record_key,
            count(*) * (count(*) - 1) / 2 as all_pairs
        from {{ block_keys }}
        group by rule_id, key_hash
        having count(*) > 1
    {%- endset -%}
    {%- set within_sources -%}
        select
            rule_id,
            key_hash,
            sum(records * (records - 1) / 2) as pairs
        from (
            select
                rule_id,
                key_hash,
                source,
                count(*) as records
            from {{ block_keys }}
            group by rule_id, key_hash, source
        ) as sourced
        group by rule_id, key_hash
    {%- endset -%}
    {%- if spec.source_mode == 'both' -%}
        select
            rule_id,
            key_hash,
            records,
            first_record_key,
            cast(all_pairs as bigint) as pairs
        from ({{ grouped }}) as blocks
    {%- else -%}
        select
            blocks.rule_id,
            blocks.key_hash,
            blocks.records,
            blocks.first_record_key,
            cast({{ 'all_pairs - ' if spec.source_mode == 'link_only' }}within_sources.pairs as bigint) as pairs
        from ({{ grouped }}) as blocks
        inner join ({{ within_sources }}) as within_sources
            on blocks.rule_id = within_sources.rule_id and blocks.key_hash = within_sources.key_hash
    {%- endif -%}
{% endmacro %}
