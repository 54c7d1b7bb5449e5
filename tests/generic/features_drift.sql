{#
    On int_<entity>__parity: fails on each pair and feature that depends on all records and has moved since the model was
    trained, by more than `tolerance` or, where that is not given, the feature's `drift`: train again.
#}
{% test features_drift(model, entity, label_features, tolerance=none) -%}
{%- set features = [] -%}
{%- if execute -%}
    {#- a model older than a feature does not use it: see features_known -#}
    {%- set trained_on = adapter.get_columns_in_relation(model) | map(attribute='name') | list -%}
    {%- for feature in dbt_dedup.entity(entity).features if feature.drift > 0 and feature.name in trained_on -%}
        {%- do features.append([feature.name, feature.drift if tolerance is none else tolerance]) -%}
    {%- endfor -%}
{%- endif -%}
{{ dbt_dedup.compare_with_training(model, label_features, features) }}
{%- endtest %}
