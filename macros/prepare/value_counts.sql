{#
    int_<entity>__value_counts, one row per field and distinct value: how many records have it, and how rare it is. Rarity is
    log2(records with a value / records with this value), the surprise in bits of meeting it by chance.
#}
{% macro value_counts(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

counted as (
    {%- for field in spec.fields %}
    select
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ dbt_dedup.text_type() }}) as value,
        count(*) as records
    from records
    where {{ field.name }} is not null
    group by {{ field.name }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

totals as (
    select
        field,
        sum(records) as records
    from counted
    group by field
),

final as (
    select
        counted.field,
        counted.value,
        counted.records,
        round(log2(cast(totals.records as double) / counted.records), 6) as rarity
    from counted
    inner join totals on counted.field = totals.field
)

select * from final
{% endmacro %}
