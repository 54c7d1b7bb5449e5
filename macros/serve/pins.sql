{#
    int_<entity>__pins, one row per pin in force and the entity that holds its record: where pins of one entity and field differ,
    `is_served` holds for the latest, then the one with the largest override_id.
#}
{% macro pins(entity_name) -%}
with

overrides as (
    select * from {{ ref('int_' ~ entity_name ~ '__overrides') }}
    where is_in_force and action = 'pin'
),

entities as (
    select
        record_key,
        entity_id
    from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

ranked as (
    select
        entities.entity_id,
        overrides.field,
        overrides.value,
        overrides.record_id_l as record_id,
        overrides.override_id,
        overrides.decided_at,
        row_number() over (
            partition by entities.entity_id, overrides.field
            order by overrides.decided_at desc nulls last, overrides.override_id desc nulls last, overrides.value asc
        ) as place
    from overrides
    inner join entities on overrides.record_key_l = entities.record_key
),

final as (
    select
        entity_id,
        field,
        value,
        record_id,
        override_id,
        decided_at,
        place = 1 as is_served
    from ranked
)

select * from final
{% endmacro %}
