{#
    int_<entity>__pair_scores, one row per candidate pair above the floor. With `scoring: python` a view of what the Python
    model scored; with `scoring: sql` a table that the model compiled by `dbt-dedup compile` computes.
#}
{% macro pair_scores(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set parity = ref('int_' ~ entity_name ~ '__parity') -%}
-- a model that does not reproduce its experiment, in scores or in features, scores nothing: their tests come first
-- depends_on: {{ parity }}, {{ ref('int_' ~ entity_name ~ '__label_features') }}
{%- if spec.scoring == 'sql' %}, {{ ref('int_' ~ entity_name ~ '__compiled_parity') }}
{%- do config(materialized='table') -%}
{%- set pair_features = ref('int_' ~ entity_name ~ '__pair_features') -%}
{%- set model = dbt_dedup._compiled_model(entity_name) -%}
{%- if execute -%}{%- do dbt_dedup._check_compiled_model(spec, model, parity) -%}{%- endif -%}
{%- if model %}
{{ dbt_dedup._score_features(spec, model, pair_features, ['record_key_l', 'record_key_r']) }}
where match_probability >= {{ spec.thresholds.floor }}
{%- endif %}
{%- else %}
{%- do config(materialized='view') %}
{%- if spec.incremental %}
select
    record_key_l,
    record_key_r,
    match_probability,
    match_weight,
    {%- for field in spec.features | map(attribute='field') | unique %}
    weight_{{ field }},
    {%- endfor %}
    model_version
from {{ ref('int_' ~ entity_name ~ '__pair_scores_python') }}
where match_probability >= {{ spec.thresholds.floor }}
{%- else %}
select * from {{ ref('int_' ~ entity_name ~ '__pair_scores_python') }}
{%- endif %}
{%- endif %}
{% endmacro %}
