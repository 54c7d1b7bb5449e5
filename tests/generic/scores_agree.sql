{#
    On a relation of parity vectors (int_<entity>__parity, int_<entity>__compiled_parity): fails on each pair whose probability
    differs from the experiment's by more than `tolerance`, or is missing.
#}
{% test scores_agree(model, tolerance=none) -%}
{%- set allowed = dbt_dedup.method_constants().probability_tolerance if tolerance is none else tolerance -%}
select
    record_id_l,
    record_id_r,
    expected_probability,
    match_probability,
    model_version
from {{ model }}
where not coalesce(abs(match_probability - expected_probability) <= {{ allowed }}, false)
{%- endtest %}
