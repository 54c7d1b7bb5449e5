{#
    int_<entity>__links, one row per pair that people decided. `origin` is `override` where the override log decides the pair, of
    several overrides the latest, and `label` where the labels match and no_match do. With `labels_decide: false` no label
    decides. A pair with both labels is not decided by them; int_<entity>__label_problems lists it.
#}
{% macro links(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

labelled as (
    {{ dbt_dedup._labelled_pairs(spec) | indent(4) }}
),

overrides as (
    select * from {{ ref('int_' ~ entity_name ~ '__overrides') }}
    where is_in_force and action in ('must_link', 'cannot_link')
),

label_links as (
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
),

ranked_overrides as (
    select
        override_id,
        least(record_key_l, record_key_r) as record_key_l,
        greatest(record_key_l, record_key_r) as record_key_r,
        case when action = 'must_link' then 'match' else 'no_match' end as decision,
        row_number() over (
            partition by least(record_key_l, record_key_r), greatest(record_key_l, record_key_r)
            order by decided_at desc nulls last, override_id desc nulls last, action asc
        ) as place
    from overrides
),

override_links as (
    select * from ranked_overrides
    where place = 1
),

final as (
    select
        coalesce(override_links.record_key_l, label_links.record_key_l) as record_key_l,
        coalesce(override_links.record_key_r, label_links.record_key_r) as record_key_r,
        coalesce(override_links.decision, label_links.decision) as decision,
        case when override_links.record_key_l is null then 'label' else 'override' end as origin,
        override_links.override_id,
        label_links.decision as label_decision
    from label_links
    full outer join override_links
        on label_links.record_key_l = override_links.record_key_l
        and label_links.record_key_r = override_links.record_key_r
)

select * from final
{% endmacro %}
