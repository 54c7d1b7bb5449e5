{# int_<entity>__label_features, one row per labelled pair: its label and the same features that production computes. #}
{% macro label_features(entity_name) %}
{{- dbt_dedup.pair_features(
    entity_name,
    dbt_dedup._labelled_pairs(dbt_dedup.entity(entity_name)),
    carry=['record_id_l', 'record_id_r', 'label', 'sampled_by', 'sampling_weight', 'input_digest'],
    are_few=true,
) -}}
{% endmacro %}
