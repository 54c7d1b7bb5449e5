{#
    On <entity>_metrics: fails on each metric that cannot tell whether its target is met, unless another can: precision and recall
    are measured on labels and on the truth. Each is logged.
#}
{% test targets_are_measured(model) -%}
{{ dbt_dedup._metrics_where(
    model,
    "level = 'unknown' and replace(metric, 'label_', 'truth_') not in (select metric from " ~ model ~ " where level <> 'unknown')",
    'target',
    'cannot be checked'
) }}
{%- endtest %}
