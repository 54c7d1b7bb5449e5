{# SQL of a pinned golden value, given as text, in the type of the field's golden value; null where it cannot be read as such. #}
{% macro _pinned_value(field, text) %}
    {%- set prepared = dbt_dedup.prepare_field(field) -%}
    {%- set data_type = prepared.data_type if prepared.shown == field.name else dbt_dedup.text_type() -%}
    {%- if data_type == 'date' -%}{{- return(dbt_dedup.parse_iso_date(text)) -}}{%- endif -%}
    {%- if data_type == 'double' -%}{{- return(dbt_dedup.parse_number(text)) -}}{%- endif -%}
    {{- return(text) -}}
{% endmacro %}
