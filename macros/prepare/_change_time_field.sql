{#
    The column `updated_at` of a spec as a field of type date, or none. Dates of one source are written alike: it is read in the
    date_order of the first field of type date. No record changed before 1900.
#}
{% macro _change_time_field(spec) %}
    {%- if spec.updated_at -%}
        {%- set dates = spec.fields | selectattr('type', 'equalto', 'date') | list -%}
        {{- return(dict(dbt_dedup._field_defaults(), **{
            'entity': spec.name, 'name': 'updated_at', 'type': 'date', 'column': spec.updated_at, 'min': '1900-01-01',
            'date_order': (dates | first).date_order if dates else dbt_dedup._field_defaults().date_order,
        })) -}}
    {%- endif -%}
    {{- return(none) -}}
{% endmacro %}
