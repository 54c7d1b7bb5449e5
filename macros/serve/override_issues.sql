{#
    <entity>_override_issues, one row per override and what a person should correct about it: `issue` is a problem of
    int_<entity>__overrides, `contradicting_overrides` (links that cannot all hold, with the chain), `conflicting_pins` (two values
    of one field in one entity), or `overruled_label` (a label that says the opposite and gives way).
#}
{% macro override_issues(entity_name) %}
{%- set text_type = dbt_dedup.text_type() -%}
with

overrides as (
    select * from {{ ref('int_' ~ entity_name ~ '__overrides') }}
),

links as (
    select * from {{ ref('int_' ~ entity_name ~ '__links') }}
),

pins as (
    select * from {{ ref('int_' ~ entity_name ~ '__pins') }}
),

conflicts as (
    select * from {{ ref('int_' ~ entity_name ~ '__label_conflicts') }}
    where issue <> 'contradicting_labels'
),

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

problems as (
    select
        problem as issue,
        override_id,
        record_id_l,
        record_id_r,
        field,
        case problem
            when 'unknown_action' then 'not applied: action ' || coalesce(action, 'null') || ' is none of must_link, cannot_link, pin, undo'
            when 'unknown_override' then 'not applied: there is no override ' || coalesce(undoes, 'null') || ' to undo'
            when 'undone_undo' then 'not applied: ' || undoes || ' is an undo; decide again instead'
            when 'unknown_record' then 'not applied: the input has no record '
                || coalesce(case when record_key_l is null then record_id_l else record_id_r end, 'null')
            when 'same_record' then 'not applied: both records are the same'
            when 'unknown_field' then 'not applied: the spec has no field ' || coalesce(field, 'null')
            when 'no_value' then 'not applied: the value is empty'
            when 'unreadable_value' then 'not applied: ' || value || ' cannot be read as a value of ' || field
            when 'no_override_id' then 'applied, but nothing can undo it: it has no override_id'
            when 'repeated_override_id' then 'applied, but an undo takes back all rows with this override_id'
            else 'applied, but counted as the oldest: decided_at is not in ISO 8601'
        end as detail
    from overrides
    where problem is not null
),

pair_decisions as (
    select
        overrides.*,
        links.override_id as deciding_id,
        links.decision
    from overrides
    inner join links
        on least(overrides.record_key_l, overrides.record_key_r) = links.record_key_l
        and greatest(overrides.record_key_l, overrides.record_key_r) = links.record_key_r
    where overrides.is_in_force and overrides.action in ('must_link', 'cannot_link')
),

reversed as (
    select
        'contradicting_overrides' as issue,
        override_id,
        record_id_l,
        record_id_r,
        field,
        action || ', but the later override ' || coalesce(deciding_id, 'without id') || ' decides '
            || case when decision = 'match' then 'must_link' else 'cannot_link' end as detail
    from pair_decisions
    where (action = 'must_link') <> (decision = 'match')
),

chained as (
    select
        issue,
        override_id,
        record_id_l,
        record_id_r,
        cast(null as {{ text_type }}) as field,
        chain as detail
    from conflicts
),

overruled as (
    select
        'overruled_label' as issue,
        links.override_id,
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        cast(null as {{ text_type }}) as field,
        'labelled ' || links.label_decision || ', but the override decides ' || links.decision || '; correct the label' as detail
    from links
    inner join records as l on links.record_key_l = l.record_key
    inner join records as r on links.record_key_r = r.record_key
    where links.origin = 'override' and links.label_decision <> links.decision
),

repinned as (
    select
        'conflicting_pins' as issue,
        pins.override_id,
        pins.record_id as record_id_l,
        served.record_id as record_id_r,
        pins.field,
        'pinned to ' || pins.value || ', but the later override ' || coalesce(served.override_id, 'without id')
            || ' of this entity pins ' || served.value as detail
    from pins
    inner join pins as served
        on pins.entity_id = served.entity_id
        and pins.field = served.field
    where served.is_served and pins.value <> served.value
),

final as (
    select * from problems
    union all
    select * from reversed
    union all
    select * from chained
    union all
    select * from overruled
    union all
    select * from repinned
)

select * from final
order by issue asc, override_id asc, record_id_l asc, record_id_r asc, field asc, detail asc
{% endmacro %}
