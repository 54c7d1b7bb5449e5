{#
    int_<entity>__compiled_parity, one row per parity vector of the model in production: the probability of the experiment, and
    the one that the compiled model gives. No rows where no model of that version is compiled.
#}
{% macro compiled_parity(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set parity = ref('int_' ~ entity_name ~ '__parity') -%}
{%- set compiled = dbt_dedup._compiled_in_production(entity_name, parity) -%}
{%- if compiled -%}
with

parity as (
    select * from {{ parity }}
    where model_version = '{{ compiled.version }}'
),

final as (
    {{ dbt_dedup._score_features(
        spec, compiled, 'parity', ['record_id_l', 'record_id_r', 'expected_probability']
    ) | indent(4) }}
)

select
    record_id_l,
    record_id_r,
    expected_probability,
    match_probability,
    model_version
from final
{%- else -%}
select
    record_id_l,
    record_id_r,
    expected_probability,
    match_probability,
    model_version
from {{ parity }}
where false
{%- endif %}
{% endmacro %}
