{#
    On int_<entity>__parity: fails where fewer than min_share of its pairs can be compared with today's features, because
    their labels or records are gone or changed: features_agree then proves little. Train again.
#}
{% test parity_covers(model, label_features, min_share=0.5) %}
with

compared as (
    select
        count(*) as parity_vectors,
        count(today.input_digest) as comparable_vectors
    from {{ model }} as trained
    left join {{ label_features }} as today
        on trained.record_id_l = today.record_id_l
        and trained.record_id_r = today.record_id_r
        and trained.input_digest = today.input_digest
)

select *
from compared
where comparable_vectors < {{ min_share }} * parity_vectors
{% endtest %}
