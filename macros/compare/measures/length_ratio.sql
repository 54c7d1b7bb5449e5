{# The length of the shorter text divided by the length of the longer, in (0, 1]; null where a side is null. #}
{% macro length_ratio(field) %}
    {%- set l, r = 'length(l.' ~ field ~ ')', 'length(r.' ~ field ~ ')' -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ l ~ ' = ' ~ r ~ ' then 1.0',
        'when ' ~ l ~ ' < ' ~ r ~ ' then cast(' ~ l ~ ' as double) / ' ~ r,
        'when ' ~ l ~ ' > ' ~ r ~ ' then cast(' ~ r ~ ' as double) / ' ~ l,
    ])) -}}
{% endmacro %}
