{#
    How a build would read a value that a person pins, as a query for `dbt-dedup pin`: the row of stg_<entity>__records of one field.
    It reads `dedup_pinned` (record_id, value), which Python registers. Where a column of the input says the country of the field,
    it is that of the record.
#}
{% macro _pin_as_read(entity_name, field_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set field = spec.fields | selectattr('name', 'equalto', field_name) | first -%}
{%- set by_column = {spec.record_id: 'pinned.record_id'} -%}
{%- if spec.source -%}{%- do by_column.update({spec.source: 'cast(null as ' ~ text_type ~ ')'}) -%}{%- endif -%}
{%- set columns = [field.column] if field.column is string else field.column -%}
{%- for column in columns -%}
    {%- do by_column.update({column: 'pinned.value' if loop.first else 'cast(null as ' ~ text_type ~ ')'}) -%}
{%- endfor -%}
{%- if field.country is mapping and field.country.column not in by_column -%}
    {%- do by_column.update({field.country.column: 'records.' ~ adapter.quote(field.country.column)}) -%}
{%- endif -%}
{%- set input -%}
(
    select
        {%- for column, sql in by_column.items() %}
        {{ sql }} as {{ adapter.quote(column) }}{{ ',' if not loop.last }}
        {%- endfor %}
    from dedup_pinned as pinned
    {%- if field.country is mapping %}
    inner join {{ dbt_dedup._input_relation(spec) }} as records
        on pinned.record_id = cast(records.{{ adapter.quote(spec.record_id) }} as {{ text_type }})
    {%- endif %}
)
{%- endset -%}
{{- return(dbt_dedup.stg_records(entity_name, input=input, field=field_name)) -}}
{% endmacro %}
