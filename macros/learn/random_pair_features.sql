{# int_<entity>__random_pair_features, one row per random pair of records: how alike unrelated records look. #}
{% macro random_pair_features(entity_name) %}
{#- computed as it is read, by training without labels only, whatever the project's default -#}
{%- do config(materialized='view') -%}
{{- dbt_dedup.pair_features(entity_name, dbt_dedup.random_pairs(dbt_dedup.entity(entity_name))) -}}
{% endmacro %}
