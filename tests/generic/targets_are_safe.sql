{# On <entity>_metrics: fails on each metric that meets its target and is beyond the level that warns, and logs it. #}
{% test targets_are_safe(model) -%}
{{ dbt_dedup._metrics_where(model, "level = 'warning'", 'warn_target', 'is near its target') }}
{%- endtest %}
