{#
    On int_<entity>__parity: fails on each labelled pair and feature whose value today differs from the value that the model
    was trained on. Pairs whose records or labels are gone are left out.
#}
{% test features_agree(model, label_features, tolerance=1e-9) %}
{%- set ids = ['record_id_l', 'record_id_r', 'record_key_l', 'record_key_r', 'label'] -%}
{%- set features = [] -%}
{%- if execute -%}
    {%- for column in adapter.get_columns_in_relation(label_features) if column.name not in ids -%}
        {%- do features.append(column.name) -%}
    {%- endfor -%}
{%- endif -%}
with

compared as (
    {%- for feature in features %}
    select
        trained.record_id_l,
        trained.record_id_r,
        '{{ feature }}' as feature,
        trained.{{ feature }} as value_trained_on,
        today.{{ feature }} as value_today
    from {{ model }} as trained
    inner join {{ label_features }} as today
        on trained.record_id_l = today.record_id_l and trained.record_id_r = today.record_id_r
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select null as value_trained_on, null as value_today where false
    {%- endfor %}
)

select *
from compared
where
    (value_trained_on is null) <> (value_today is null)
    or abs(value_trained_on - value_today) > {{ tolerance }}
order by 1, 2, 3
{% endtest %}
