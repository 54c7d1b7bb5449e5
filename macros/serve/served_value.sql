{# What a golden record shows of a field of one record: null where the record has no value, else what the type shows. #}
{% macro served_value(field) %}
    {{- return(dbt_dedup.case_lines(['when ' ~ field.name ~ ' is not null then ' ~ dbt_dedup.prepare_field(field).shown])) -}}
{% endmacro %}
