{#
    int_<entity>__value_counts, one row per field and distinct value: how many records have it, and how rare it is. Rarity is
    log2(records with a value / records with this value), the surprise in bits of meeting it by chance.
    With `incremental: true` the counts stay as they are until a full refresh, and only values that came up since are added, as
    rare as the value of a single record.
#}
{% macro value_counts(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set counted_by, keeps = none, false -%}
{%- if spec.incremental -%}
{%- do config(materialized='dedup_incremental', unique_key=['field', 'value']) -%}
{%- set records_by = dbt_dedup._made_by(ref('stg_' ~ entity_name ~ '__records'), 'definition') -%}
{%- set known_by = dbt_dedup._made_by(this, 'counted_by') -%}
{%- set keeps = dbt_dedup._kept_rows('is_counted') and (known_by or '').startswith((records_by or '-') ~ ':') -%}
{%- set counted_by = known_by if keeps else (records_by or '-') ~ ':' ~ invocation_id -%}
{%- if not keeps %}
{{ dbt_dedup._every_row() }}
{%- endif %}
{% endif -%}
with

records as not materialized (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

counted as (
    {{- dbt_dedup._counted_values(spec) | indent(4) }}
),

totals as (
    select
        field,
        sum(records) as records
    from counted
    group by field
),
{%- if keeps %}

populations as (
    select
        field,
        max(population) as population
    from {{ this }}
    group by field
),

final as (
    select
        counted.field,
        counted.value,
        cast(1 as bigint) as records,
        coalesce(round(log2(cast(populations.population as double)), 6), 0) as rarity,
        coalesce(populations.population, 1) as population,
        false as is_counted,
        '{{ counted_by }}' as counted_by
    from counted
    left join {{ this }} as known on counted.field = known.field and counted.value = known.value
    left join populations on counted.field = populations.field
    where known.field is null
)
{%- else %}

final as (
    select
        counted.field,
        counted.value,
        counted.records,
        round(log2(cast(totals.records as double) / counted.records), 6) as rarity
        {%- if counted_by %},
        cast(totals.records as bigint) as population,
        true as is_counted,
        '{{ counted_by }}' as counted_by
        {%- endif %}
    from counted
    inner join totals on counted.field = totals.field
)
{%- endif %}

select * from final
{% endmacro %}
