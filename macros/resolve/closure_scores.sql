{#
    int_<entity>__closure_scores, one row per pair of int_<entity>__closure_pairs above the floor, scored as candidate pairs are:
    see pair_scores.
#}
{% macro closure_scores(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- if spec.scoring == 'sql' -%}
{%- do config(materialized='table') -%}
{%- set closure_features = ref('int_' ~ entity_name ~ '__closure_features') -%}
{%- set model = dbt_dedup._compiled_model(entity_name) -%}
{#- without a compiled model pair_scores stops the build -#}
{%- if model -%}
{{ dbt_dedup._score_features(spec, model, closure_features, ['record_key_l', 'record_key_r']) }}
where match_probability >= {{ spec.thresholds.floor }}
{%- endif -%}
{%- else -%}
{%- do config(materialized='view') -%}
select * from {{ ref('int_' ~ entity_name ~ '__closure_scores_python') }}
{%- endif %}
{% endmacro %}
