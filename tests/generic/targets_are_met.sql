{# On <entity>_metrics: fails on each metric that misses the target of the spec. #}
{% test targets_are_met(model) %}
select
    metric,
    value,
    target
from {{ model }}
where not is_met
{% endtest %}
