{# int_<entity>__closure_features, one row per pair of int_<entity>__closure_pairs: the features that production scores. #}
{% macro closure_features(entity_name) %}
{#- computed as it is read, once in a build, whatever the project's default -#}
{%- do config(materialized='view') -%}
{{- dbt_dedup.pair_features(entity_name, ref('int_' ~ entity_name ~ '__closure_pairs'), are_few=true) -}}
{% endmacro %}
