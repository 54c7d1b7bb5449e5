{#
    On int_<entity>__parity: fails where less than `min_share` of its pairs can be compared with the features of today, because
    their records have changed or left: features_agree then proves little. Train again.
#}
{% test parity_covers(model, label_features, min_share=none) -%}
{%- set share = dbt_dedup.method_constants().comparable_share if min_share is none else min_share -%}
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

select
    parity_vectors,
    comparable_vectors
from compared
where comparable_vectors < {{ share }} * parity_vectors
{%- endtest %}
