{#
    SQL that `dbt-dedup promote` runs, one row per change of the entities (see _entity_changes) if `clusters`, a relation of
    record_key and cluster_key, were those of the next build. Nothing else changes.
#}
{% macro _changes_by_clusters(entity_name, clusters) %}
with

clusters as (
    select * from {{ clusters }}
),

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

past as (
    select
        event_number,
        event,
        entity_id,
        record_id
    from {{ ref(entity_name ~ '_entity_history') }}
),

{{ dbt_dedup._entity_events() }},

events as (
    select * from happened
),

{{ dbt_dedup._entity_changes() }}

select * from changes
{% endmacro %}
