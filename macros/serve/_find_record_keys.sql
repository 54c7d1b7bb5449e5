{# SQL of a record_key for each of the new records, above every key that a table gives: the new record is the right one of a pair. #}
{% macro _find_record_keys(records) -%}
select
    record_id,
    cast(2147483648 - row_number() over (order by record_id asc) as integer) as record_key
from {{ records }}
{%- endmacro %}
