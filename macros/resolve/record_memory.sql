{#
    int_<entity>__record_memory, one row per record of the last build: what <entity>_history_issues compares the next build with.
    `<field>__hash` is that of a field as written, without case. Made behind it, so that a killed build forgets nothing.
#}
{% macro record_memory(entity_name) %}
-- depends_on: {{ ref(entity_name ~ '_history_issues') }}
with

records as (
    {{ dbt_dedup._hashed_records(entity_name) | indent(4) }}
),

final as (
    select
        *,
        '{{ invocation_id }}' as run_id
    from records
)

select * from final
{% endmacro %}
