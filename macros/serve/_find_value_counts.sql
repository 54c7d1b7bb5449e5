{#
    SQL of how rare the values of new records are, in the form of int_<entity>__value_counts: as the table says, and as rare as
    the value of a single record where no record has it. `records` are the standardized records, `totals` is that of
    _find_totals, and `known` is the table, or the rows of it that have these values.
#}
{% macro _find_value_counts(entity_name, records, totals, known) -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as (
    select * from {{ records }}
),

known as (
    select * from {{ known }}
),

new_values as (
    {%- for field in spec.fields %}
    select
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ dbt_dedup.text_type() }}) as value
    from records
    where {{ field.name }} is not null
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),

-- few values are known of many: they are looked up before anything is joined to what is not known
known_values as (
    select known.*
    from known
    inner join new_values on known.value = new_values.value and known.field = new_values.field
)

select
    new_values.field,
    new_values.value,
    coalesce(known_values.records, 1) as records,
    coalesce(known_values.rarity, round(log2(totals.records), 6), 0) as rarity
from new_values
left join known_values on new_values.field = known_values.field and new_values.value = known_values.value
left join {{ totals }} as totals on new_values.field = totals.field
{%- endmacro %}
