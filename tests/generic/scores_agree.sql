{# On int_<entity>__parity: fails on each pair whose probability now differs from the experiment's by more than tolerance. #}
{% test scores_agree(model, tolerance=1e-9) %}
select
    record_id_l,
    record_id_r,
    expected_probability,
    match_probability,
    model_version
from {{ model }}
where not coalesce(abs(match_probability - expected_probability) <= {{ tolerance }}, false)
{% endtest %}
