{# The CTE value_counts: the rows of the CTE all_value_counts with a value of a record in the CTE `records`. #}
{% macro _counts_of_changed(spec) -%}
values_read as (
    {%- for field in spec.fields %}
    select
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ dbt_dedup.text_type() }}) as value
    from records
    where {{ field.name }} is not null
    group by {{ field.name }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

value_counts as (
    select all_value_counts.*
    from all_value_counts
    inner join values_read on all_value_counts.field = values_read.field and all_value_counts.value = values_read.value
),
{%- endmacro %}
