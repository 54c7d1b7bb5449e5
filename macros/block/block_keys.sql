{#
    int_<entity>__block_keys, one row per record, blocking rule and key of the record under the rule, as a hash. Of records
    that are equal in every field only the representative is here. A null in any part of a rule gives no key, so records
    without a value never meet. Where a rule brings two records together that have no key in common (top_k, the window of
    sorted_neighborhood), the pair is a key of its own. `refines` is the key of a block above max_block_size that a key divides.
    `records_in_block` counts the records that have the key: counted here, once, for all that read blocks.

    With `records`, the same of another relation with the columns of int_<entity>__keyed_records, without what depends on the
    other records of the relation: some keys, and records_in_block is null.
#}
{% macro block_keys(entity_name, records=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as not materialized (
    select * from {{ records or ref('int_' ~ entity_name ~ '__keyed_records') }}
    where record_key = representative_key
),

{% for rule in spec.blocking -%}
-- {{ rule.name }}
{{ dbt_dedup._keys_of_rule(spec, rule, is_alone=records is not none) }},

{% endfor -%}
rule_keys as (
    {%- for rule in spec.blocking %}
    select * from rule_{{ rule.id }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),
{% if records is none %}
{{ dbt_dedup._refined_keys(spec) }},
{% endif %}
final as (
    {%- if records is none %}
    select
        rule_keys.*,
        cast(null as {{ dbt_dedup.hash_type() }}) as refines,
        cast(coalesce(sizes.records, 1) as integer) as records_in_block
    from rule_keys
    left join rule_block_sizes as sizes on rule_keys.rule_id = sizes.rule_id and rule_keys.key_hash = sizes.key_hash
    union all
    select * from refined_keys
    {%- else %}
    select
        *,
        cast(null as {{ dbt_dedup.hash_type() }}) as refines,
        cast(null as integer) as records_in_block
    from rule_keys
    {%- endif %}
)

select * from final
{% endmacro %}
