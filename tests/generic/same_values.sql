{# Fails on each value that only one of two relations has: nothing may be lost, and nothing may come from nowhere. #}
{% test same_values(model, column_name, to, column) -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

tested as (
    select distinct cast({{ column_name }} as {{ text_type }}) as value
    from {{ model }}
),

other as (
    select distinct cast({{ adapter.quote(column) }} as {{ text_type }}) as value
    from {{ to }}
)

select
    coalesce(tested.value, other.value) as value,
    case when other.value is null then 'only in the tested model' else 'missing from the tested model' end as problem
from tested
full outer join other on tested.value = other.value
where tested.value is null or other.value is null
{%- endtest %}
