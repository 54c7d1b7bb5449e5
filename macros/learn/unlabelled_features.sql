{#
    int_<entity>__unlabelled_features, one row per candidate pair: its features with record ids and a digest of what the input
    says about both, from which training without labels keeps parity vectors. `is_sampled` holds for the pairs that the model is
    learned from: all pairs among a part of the records, so that they show how entities hold together. The records are spread
    evenly over the keys by whole-number arithmetic (two multiplicative generators of L'Ecuyer, Communications of the ACM 31,
    1988), so that the same records give the same sample.
#}
{% macro unlabelled_features(entity_name) %}
{#- computed as it is read, by training without labels only, whatever the project's default -#}
{%- do config(materialized='view') -%}
{%- set records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
{%- set candidate_pairs = ref('int_' ~ entity_name ~ '__candidate_pairs') -%}
{%- set pairs -%}
with

counts as (
    select count(*) as pairs
    from {{ candidate_pairs }}
),

candidates as (
    select
        record_key_l,
        record_key_r,
        -- the later of the two lots: a pair is in the sample if both its records are
        greatest(
            (cast(record_key_l as bigint) + 1) * 48271 % 2147483647 * 40692 % 2147483399,
            (cast(record_key_r as bigint) + 1) * 48271 % 2147483647 * 40692 % 2147483399
        ) as lot
    from {{ candidate_pairs }}
)

select
    l.record_id as record_id_l,
    r.record_id as record_id_r,
    {{ dbt_dedup._input_digest() }} as input_digest,
    cast(candidates.lot as double) / 2147483399
        < sqrt(cast({{ dbt_dedup.method_constants().learned_pairs }} as double) / counts.pairs) as is_sampled,
    candidates.record_key_l,
    candidates.record_key_r
from candidates
cross join counts
inner join {{ records }} as l on candidates.record_key_l = l.record_key
inner join {{ records }} as r on candidates.record_key_r = r.record_key
{%- endset -%}
{{- dbt_dedup.pair_features(entity_name, pairs | string, carry=['record_id_l', 'record_id_r', 'input_digest', 'is_sampled']) -}}
{% endmacro %}
