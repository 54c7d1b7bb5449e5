{# 1 where the names are equal or one, written as one word, is the acronym of the other (IBM, International Business Machines). #}
{% macro acronym_agreement(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ l ~ ' = ' ~ r ~ ' then 1.0',
        'when ' ~ l ~ '__joined = ' ~ r ~ '__acronym then 1.0',
        'when ' ~ r ~ '__joined = ' ~ l ~ '__acronym then 1.0',
        'when ' ~ l ~ ' <> ' ~ r ~ ' then 0.0',
    ])) -}}
{% endmacro %}
