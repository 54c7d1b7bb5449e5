{#
    SQL of the rows of the input that are new or differ from those that stg_<entity>__records was made from, with row_hash, a
    hash of what the spec reads of the row and of how it is read, and with `definition`, the latter (see _definition).
#}
{% macro _changed_input(spec, definition) %}
{%- set columns = [spec.record_id] + ([spec.source] if spec.source else []) + ([spec.updated_at] if spec.updated_at else []) -%}
{%- for field in spec.fields -%}
    {%- do columns.extend([field.column] if field.column is string else field.column) -%}
    {%- if field.country is mapping -%}{%- do columns.append(field.country.column) -%}{%- endif -%}
{%- endfor -%}
{%- set hashed = [] -%}
{%- for column in columns | unique -%}{%- do hashed.append('all_rows.' ~ adapter.quote(column)) -%}{%- endfor -%}
{%- do hashed.append(definition) -%}
{%- set row_hash = dbt_dedup.hash_values(hashed) -%}
{%- set all_rows = dbt_dedup._input_relation(spec) -%}
{%- if dbt_dedup._kept_rows() -%}
select
    all_rows.*,
    {{ row_hash | indent(4) }} as dedup__row_hash,
    {{ definition }} as dedup__definition
from (select * from {{ all_rows }}) as all_rows
left join {{ this }} as known on cast(all_rows.{{ adapter.quote(spec.record_id) }} as {{ dbt_dedup.text_type() }}) = known.record_id
where
    known.row_hash is distinct from {{ row_hash | indent(4) }}
{%- else -%}
{{ dbt_dedup._every_row() }}
select
    all_rows.*,
    {{ row_hash | indent(4) }} as dedup__row_hash,
    {{ definition }} as dedup__definition
from (select * from {{ all_rows }}) as all_rows
{%- endif -%}
{% endmacro %}
