{#
    int_<entity>__links, one row per pair that people decided: the labels match and no_match, unless the spec says
    `labels_decide: false`. A pair with both labels is not decided; int_<entity>__label_problems lists it.
#}
{% macro links(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

labelled as (
    {{ dbt_dedup._labelled_pairs(spec) | indent(4) }}
),

final as (
    select
        record_key_l,
        record_key_r,
        case when max(label) = 1 then 'match' else 'no_match' end as decision
    from labelled
    {%- if not spec.labels_decide %}
    where false
    {%- endif %}
    group by record_key_l, record_key_r
    having count(distinct label) = 1
)

select * from final
{% endmacro %}
