{#
    1 where the name under which one company trades is the name or the trade name of the other, 0 where it is neither, null where
    no side trades under another name or a side has no name.
#}
{% macro trade_name_agreement(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return(dbt_dedup.case_lines([
        'when coalesce(' ~ l ~ '__trade_name, ' ~ r ~ '__trade_name) is null then null',
        'when ' ~ l ~ '__trade_name in (' ~ r ~ ', ' ~ r ~ '__trade_name) then 1.0',
        'when ' ~ r ~ '__trade_name = ' ~ l ~ ' then 1.0',
        'when ' ~ l ~ ' is not null and ' ~ r ~ ' is not null then 0.0',
    ])) -}}
{% endmacro %}
