{# Fails on each value that stands in only one of two relations: nothing may be lost and nothing may come from nowhere. #}
{% test same_values(model, column_name, to, column) %}
with

here as (
    select distinct cast({{ column_name }} as varchar) as value
    from {{ model }}
),

there as (
    select distinct cast({{ column }} as varchar) as value
    from {{ to }}
)

select
    coalesce(here.value, there.value) as value,
    case when there.value is null then 'only in the tested model' else 'missing from the tested model' end as finding
from here
full outer join there on here.value = there.value
where here.value is null or there.value is null
{% endtest %}
