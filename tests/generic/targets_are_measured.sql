{# On <entity>_metrics: fails on each target that nothing was measured for, so nobody knows whether it is met, and logs it. #}
{% test targets_are_measured(model) -%}
{{ dbt_dedup._metrics_where(model, "level = 'unknown'", 'target', 'cannot be checked') }}
{%- endtest %}
