{# SQL of the records that new records are compared with, and of these: see _find_pairs. #}
{% macro _find_records(entity_name, pairs, new_records) -%}
select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
where record_key in (select record_key_l from {{ pairs }})
union all
select * from {{ new_records }}
{%- endmacro %}
