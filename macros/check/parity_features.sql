{#
    int_<entity>__parity_features, one row per parity vector of the model in production whose records still exist: its features
    as they are computed today, whether its pair is labelled or not.
#}
{% macro parity_features(entity_name) %}
{%- set records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
{%- set pairs -%}
select
    parity.record_id_l,
    parity.record_id_r,
    {{ dbt_dedup._input_digest() }} as input_digest,
    l.record_key as record_key_l,
    r.record_key as record_key_r
from {{ ref('int_' ~ entity_name ~ '__parity') }} as parity
inner join {{ records }} as l on parity.record_id_l = l.record_id
inner join {{ records }} as r on parity.record_id_r = r.record_id
{%- endset -%}
{{- dbt_dedup.pair_features(
    entity_name,
    pairs | string,
    carry=['record_id_l', 'record_id_r', 'input_digest'],
    are_few=true,
) -}}
{% endmacro %}
