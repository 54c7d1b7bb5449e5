{#
    CTEs that end with rule_<n>, one row per record and band: locality-sensitive hashing of sets. The `rows` smallest hashes of a
    band agree with probability s^rows, where s is the Jaccard similarity of the items of two records, so the two meet in some
    band with probability 1 - (1 - s^rows)^bands (Broder 1997; Leskovec, Rajaraman and Ullman: Mining of Massive Datasets, 3.4).
#}
{% macro _minhash_keys(spec, rule) -%}
{%- set r = 'rule_' ~ rule.id -%}
{{ dbt_dedup._rule_items(spec, rule) }}

{{ r }}__signatures as (
    select
        record_key,
        {%- if spec.source_mode != 'both' %}
        min(source) as source,
        {%- endif %}
        {%- for number in range(rule.bands * rule.rows) %}
        min({{ dbt_dedup.hash_values(['item', number]) }}) as hash_{{ number }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ r }}__items
    group by record_key
),

{{ r }} as (
    {%- for band in range(rule.bands) %}
    {%- set hashed = [band] -%}
    {%- for row in range(rule.rows) -%}{%- do hashed.append('hash_' ~ (band * rule.rows + row)) -%}{%- endfor %}
    select
        cast({{ rule.id }} as smallint) as rule_id,
        {{ dbt_dedup.hash_values(hashed) | indent(8) }} as key_hash,
        record_key
        {%- if spec.source_mode != 'both' %},
        source
        {%- endif %}
    from {{ r }}__signatures
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)
{%- endmacro %}
