{# On <entity>_metrics: fails on each metric that misses its target. #}
{% test targets_are_met(model) -%}
select
    metric,
    value,
    direction,
    target
from {{ model }}
where not is_met
{%- endtest %}
