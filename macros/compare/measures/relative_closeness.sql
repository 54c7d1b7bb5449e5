{# 1 - |difference| / the larger absolute value of two numbers, at least 0; null where a side is null. #}
{% macro relative_closeness(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ l ~ ' = ' ~ r ~ ' then 1.0',
        'when ' ~ l ~ ' <> ' ~ r
            ~ '\n    then greatest(0.0, 1.0 - abs(' ~ l ~ ' - ' ~ r ~ ') / greatest(abs(' ~ l ~ '), abs(' ~ r ~ ')))',
    ])) -}}
{% endmacro %}
