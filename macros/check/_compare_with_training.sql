{#
    SQL of the feature values of the parity vectors that differ from those of the same pairs today, one row per pair and
    feature. `features` is a list of [name, tolerance]; pairs whose records the input has changed since then are left out.
#}
{% macro _compare_with_training(parity, label_features, features) %}
with

-- joined once for all features: today's are computed as they are read
paired as (
    select
        trained.record_id_l,
        {%- for feature, tolerance in features %}
        trained.{{ feature }} as trained__{{ feature }},
        today.{{ feature }} as today__{{ feature }},
        {%- endfor %}
        trained.record_id_r
    from {{ parity }} as trained
    inner join {{ label_features }} as today
        on trained.record_id_l = today.record_id_l
        and trained.record_id_r = today.record_id_r
        and trained.input_digest = today.input_digest
),

compared as (
    {%- for feature, tolerance in features %}
    select
        record_id_l,
        record_id_r,
        '{{ feature }}' as feature,
        trained__{{ feature }} as value_trained_on,
        today__{{ feature }} as value_today,
        {{ tolerance }} as tolerance
    from paired
    union all
    {%- endfor %}
    select
        null as record_id_l,
        null as record_id_r,
        null as feature,
        null as value_trained_on,
        null as value_today,
        null as tolerance
    where false
)

select *
from compared
where
    (value_trained_on is null) <> (value_today is null)
    or abs(value_trained_on - value_today) > tolerance
order by record_id_l asc, record_id_r asc, feature asc
{% endmacro %}
