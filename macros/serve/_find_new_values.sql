{# SQL of the values of standardized records, one row per field and value, with the hash of _find_known_values. #}
{% macro _find_new_values(entity_name, records) -%}
{%- set fields = dbt_dedup.entity(entity_name).fields -%}
with

records as (
    select * from {{ records }}
),

new_values as (
    {%- for field in fields %}
    select
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ dbt_dedup.text_type() }}) as value
    from records
    where {{ field.name }} is not null
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
)

select
    *,
    {{ dbt_dedup.hash_values(['field', 'value']) }} as value_hash
from new_values
{%- endmacro %}
