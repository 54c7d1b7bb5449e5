{#
    On <entity>_profile: fails on each field that is less complete than its `min_complete` or has more incorrect values than
    its `max_problems` in the spec.
#}
{% test fields_are_good_enough(model) -%}
select
    field,
    completeness,
    min_complete,
    problem_rate,
    max_problems
from {{ model }}
where completeness < min_complete or problem_rate > max_problems
{%- endtest %}
