{#
    int_<entity>__unlabelled_features, one row per candidate pair: its features with record ids and a digest of what the input
    says about both, from which training without labels keeps parity vectors.
#}
{% macro unlabelled_features(entity_name) %}
{#- computed as it is read, by training without labels only, whatever the project's default -#}
{%- do config(materialized='view') -%}
{%- set records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
{%- set pairs -%}
select
    l.record_id as record_id_l,
    r.record_id as record_id_r,
    {{ dbt_dedup.input_digest() }} as input_digest,
    candidates.record_key_l,
    candidates.record_key_r
from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }} as candidates
inner join {{ records }} as l on candidates.record_key_l = l.record_key
inner join {{ records }} as r on candidates.record_key_r = r.record_key
{%- endset -%}
{{- dbt_dedup.pair_features(entity_name, pairs | string, carry=['record_id_l', 'record_id_r', 'input_digest']) -}}
{% endmacro %}
