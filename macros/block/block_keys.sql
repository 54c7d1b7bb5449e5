{#
    int_<entity>__block_keys, one row per record, blocking rule and key of the record under the rule, as a hash. Of records
    that are equal in every field only the representative is here. A null in any part of a rule gives no key, so records
    without a value never meet. Where a rule brings two records together that have no key in common (top_k, the window of
    sorted_neighborhood), the pair is a key of its own. `refines` is the key of a block above max_block_size that a key divides.

    With `records`, the same of another relation with the columns of int_<entity>__keyed_records, without the keys that depend on
    the other records of the relation.
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
    select
        *,
        cast(null as {{ dbt_dedup.hash_type() }}) as refines
    from rule_keys
    {%- if records is none %}
    union all
    select * from refined_keys
    {%- endif %}
)

select * from final
{% endmacro %}
