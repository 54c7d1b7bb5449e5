{#
    On int_<entity>__parity: fails on each labelled pair and feature whose value today differs from the value that the model
    was trained on, though the input still says the same of both records. Features that depend on all records (those with a
    `drift`) are left to features_drift.
#}
{% test features_agree(model, entity, label_features, tolerance=1e-9) %}
{%- set features = [] -%}
{%- if execute -%}
    {#- a model that is older than a feature does without it: see features_known -#}
    {%- set trained_on = adapter.get_columns_in_relation(model) | map(attribute='name') | list -%}
    {%- for feature in dbt_dedup.entity(entity).features if feature.drift == 0 and feature.name in trained_on -%}{%- do features.append([feature.name, tolerance]) -%}{%- endfor -%}
{%- endif -%}
{{ dbt_dedup.compare_with_training(model, label_features, features) }}
{% endtest %}
