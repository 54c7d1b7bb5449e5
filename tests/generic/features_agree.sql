{#
    On int_<entity>__parity: fails on each pair and feature whose value today differs from the value that the model was trained
    on, by more than `tolerance`, although the input of both records has not changed. Features that depend on all records (those
    with a `drift`) are left to features_drift.
#}
{% test features_agree(model, entity, label_features, tolerance=none) -%}
{%- set allowed = dbt_dedup.method_constants().feature_tolerance if tolerance is none else tolerance -%}
{%- set features = [] -%}
{%- if execute -%}
    {#- a model older than a feature does not use it: see features_known -#}
    {%- set trained_on = adapter.get_columns_in_relation(model) | map(attribute='name') | list -%}
    {%- for feature in dbt_dedup.entity(entity).features if feature.drift == 0 and feature.name in trained_on -%}
        {%- do features.append([feature.name, allowed]) -%}
    {%- endfor -%}
{%- endif -%}
{{ dbt_dedup.compare_with_training(model, label_features, features) }}
{%- endtest %}
