{#
    int_<entity>__pair_scores, one row per candidate pair above the floor. With `scoring: python` a view of what the Python
    model scored; with `scoring: sql` a table that the model compiled by `dbt-dedup compile` computes.
#}
{% macro pair_scores(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{#- a model that does not reproduce its experiment, in scores or in features, scores nothing: their tests come first -#}
{%- set parity = ref('int_' ~ entity_name ~ '__parity') -%}
{%- set _ = ref('int_' ~ entity_name ~ '__label_features') -%}
{%- set python_scores = ref('int_' ~ entity_name ~ '__pair_scores_python') if spec.scoring == 'python' -%}
{%- set _ = ref('int_' ~ entity_name ~ '__compiled_parity') if spec.scoring == 'sql' -%}
{%- set pair_features = ref('int_' ~ entity_name ~ '__pair_features') if spec.scoring == 'sql' -%}
{%- if spec.scoring == 'sql' -%}
{{ config(materialized='table') }}
{%- set model = dbt_dedup.compiled_model(entity_name) -%}
{%- if execute -%}{%- do dbt_dedup.check_compiled_model(spec, model, parity) -%}{%- endif -%}
{%- if model %}
{{ dbt_dedup.score_features(spec, model, pair_features, ['record_key_l', 'record_key_r']) }}
where match_probability >= {{ spec.thresholds.floor }}
{%- endif %}
{%- else -%}
{{ config(materialized='view') }}
select * from {{ python_scores }}
{%- endif %}
{% endmacro %}
