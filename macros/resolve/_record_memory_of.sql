{#
    The SQL of record_memory. With `definition`, the digest of how it is made (see _definition), only of the records that the table
    does not have as they are, with the row_hash of stg_<entity>__records.
#}
{% macro _record_memory_of(entity_name, definition=none) %}
{%- set keeps = definition and dbt_dedup._kept_rows() -%}
{%- if definition and not keeps -%}
{{ dbt_dedup._every_row() }}
{%- endif %}
-- depends_on: {{ ref(entity_name ~ '_history_issues') }}
with

records as (
    {{ dbt_dedup._hashed_records(entity_name, carry=['row_hash'] if definition else []) | indent(4) }}
    {%- if keeps %}
    where
        coalesce(
            row_hash not in (
                select row_hash from {{ this }}
                where row_hash is not null and definition = {{ definition }}
            ),
            true
        )
    {%- endif %}
),

final as (
    select
        *,
        {%- if definition %}
        {{ definition }} as definition,
        {%- endif %}
        '{{ invocation_id }}' as run_id
    from records
)

select * from final
{% endmacro %}
