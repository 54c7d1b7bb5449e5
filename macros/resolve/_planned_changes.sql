{#
    SQL that `dbt-dedup plan` runs on the copy that it has built, one row per change of the entities: see _entity_changes.
    `last_event` is the last event number before the build.
#}
{% macro _planned_changes(entity_name, last_event) %}
with

events as (
    select * from {{ ref(entity_name ~ '_entity_history') }}
    where event_number > {{ last_event }} and reason <> 'recovered from the crosswalk'
),

{{ dbt_dedup._entity_changes() }}

select * from changes
{% endmacro %}
