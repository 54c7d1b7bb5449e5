{# int_<entity>__closure_features, one row per pair of int_<entity>__closure_pairs: the features that production scores. #}
{% macro closure_features(entity_name) %}
{{- dbt_dedup.pair_features(entity_name, ref('int_' ~ entity_name ~ '__closure_pairs')) -}}
{% endmacro %}
