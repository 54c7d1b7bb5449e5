{#
    The CTE `name` of keys under a rule that are one pair of records each, two rows per row of `pairs` (record_key_l,
    record_key_r): a block of two, which counts, statistics and masks treat like any other.
#}
{% macro _pair_keys(spec, rule, name, pairs) -%}
{{ name }} as (
    {%- for side in ['l', 'r'] %}
    select
        cast({{ rule.id }} as smallint) as rule_id,
        {{ dbt_dedup.hash_values(['pairs.record_key_l', 'pairs.record_key_r']) }} as key_hash,
        pairs.record_key_{{ side }} as record_key
        {%- if spec.source_mode != 'both' %},
        records.source
        {%- endif %}
    from {{ pairs }} as pairs
    {%- if spec.source_mode != 'both' %}
    inner join records on pairs.record_key_{{ side }} = records.record_key
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)
{%- endmacro %}
