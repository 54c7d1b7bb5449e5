{#
    1 where the generations (jr, sr, iii) of two names are equal, 0 where they differ, 0.5 where only one name has one (a father
    is rarely written as senior), null where neither has.
#}
{% macro generation_agreement(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {%- set l_generation, r_generation = l ~ '__generation', r ~ '__generation' -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ l_generation ~ ' = ' ~ r_generation ~ ' then 1.0',
        'when ' ~ l_generation ~ ' <> ' ~ r_generation ~ ' then 0.0',
        'when ' ~ l ~ ' is null or ' ~ r ~ ' is null then null',
        'when coalesce(' ~ l_generation ~ ', ' ~ r_generation ~ ') is not null then 0.5',
    ])) -}}
{% endmacro %}
