{#
    CTEs for <entity>_history_issues of an entity with `incremental: true`: `records`, those that the last build did not have as they
    are, with a hash of each field, and `differing`, the rows of the CTE `known`, the last build, that are no longer so. A row of
    stg_<entity>__records has a hash of all that it was made from, its record id included.
#}
{% macro _records_not_remembered(entity_name) -%}
records as (
    {{ dbt_dedup._hashed_records(entity_name) | indent(4) }}
    where coalesce(row_hash not in (select row_hash from known where row_hash is not null), true)
),

differing as (
    select * from known
    where
        coalesce(
            row_hash not in (
                select row_hash from {{ ref('stg_' ~ entity_name ~ '__records') }}
                where row_hash is not null
            ),
            true
        )
),
{%- endmacro %}
