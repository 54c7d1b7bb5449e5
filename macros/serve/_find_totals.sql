{#
    SQL of how many records have a value, one row per field, and with the field null how many records there are: how rare a value
    or a word is that no record has depends on it.
#}
{% macro _find_totals(entity_name) -%}
select
    field,
    cast(sum(records) as double) as records
from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
group by field
union all
select
    cast(null as {{ dbt_dedup.text_type() }}) as field,
    cast(count(*) as double) as records
from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
{%- endmacro %}
