{# What a golden record shows of a field of one record: null where the record has no value, else what the type shows. #}
{% macro served_value(field) %}
    {%- set shown = dbt_dedup.prepare_field(field).shown -%}
    {{- return(
        shown if shown == field.name else dbt_dedup.case_lines(['when ' ~ field.name ~ ' is not null then ' ~ shown])
    ) -}}
{% endmacro %}
