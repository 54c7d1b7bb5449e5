{# SQL of how many records of the CTE `records` have each value, one row per field and distinct value. #}
{% macro _counted_values(spec) -%}
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
{%- endmacro %}
