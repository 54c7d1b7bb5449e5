{# The CTE value_counts: the rows of the CTE all_value_counts with a value of a record in the CTE `records`. #}
{% macro _counts_of_changed(spec) -%}
values_read as (
    {{- dbt_dedup._counted_values(spec) | indent(4) }}
),

value_counts as (
    select all_value_counts.*
    from all_value_counts
    inner join values_read on all_value_counts.field = values_read.field and all_value_counts.value = values_read.value
),
{%- endmacro %}
