{#
    int_<entity>__record_keys, one row per record that was ever seen: the integer that stands for its record_id inside the
    package. The table only grows. A new record gets the next number, a record that left keeps its own, so a key never means
    two things; --full-refresh leaves the table alone. On the first build keys follow the order of record ids.
#}
{% macro record_keys(entity_name) %}
{%- do config(materialized='incremental', incremental_strategy='append', full_refresh=false) -%}
with

records as (
    select record_id from {{ ref('stg_' ~ entity_name ~ '__records') }}
),
{% if is_incremental() %}
known as (
    select * from {{ this }}
),

last_key as (
    select coalesce(max(record_key), 0) as record_key from known
),

new_records as (
    select records.record_id
    from records
    left join known on records.record_id = known.record_id
    where known.record_id is null
),

final as (
    select
        new_records.record_id,
        cast(
            last_key.record_key + row_number() over (order by new_records.record_id asc) as integer
        ) as record_key
    from new_records
    cross join last_key
)
{% else %}
final as (
    select
        record_id,
        cast(row_number() over (order by record_id asc) as integer) as record_key
    from records
)
{% endif %}
select * from final
{% endmacro %}
