{#
    SQL of the records that new records are compared with, and of these: see _find_pairs. `known` is int_<entity>__keyed_records, or
    the rows of it that are compared; with `incremental: true` it has columns that new records have not.
#}
{% macro _find_records(pairs, new_records, known) -%}
select * from {{ known }}
where record_key in (select record_key_l from {{ pairs }})
union all by name
select * from {{ new_records }}
{%- endmacro %}
