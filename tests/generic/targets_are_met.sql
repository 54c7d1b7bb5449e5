{# On <entity>_metrics: fails on each metric that misses its target, and logs it. #}
{% test targets_are_met(model) -%}
{{ dbt_dedup._metrics_where(model, 'not is_met', 'target', 'misses its target') }}
{%- endtest %}
