{# SQL of how many records have a value, one row per field: how rare a value is that no record has depends on it. #}
{% macro _find_totals(entity_name) -%}
select
    field,
    cast(sum(records) as double) as records
from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
group by field
{%- endmacro %}
