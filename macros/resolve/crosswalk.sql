{# <entity>_crosswalk, one row per record: the entity it belongs to. #}
{% macro crosswalk(entity_name) -%}
with

entities as (
    select * from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

final as (
    select
        record_id,
        source,
        entity_id,
        first_entity_id,
        records_in_entity
    from entities
)

select * from final
order by record_id asc
{% endmacro %}
