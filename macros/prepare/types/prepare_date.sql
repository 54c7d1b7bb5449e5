{#
    Dates in any of the usual layouts; `date_order: dmy` reads 03/04/1980 as 3 April. Options min and max bound what is
    possible. Digits (for typos inside a date), year and month are keys.
#}
{% macro prepare_date(field) %}
    {%- set f = field.name -%}
    {%- set numeric = {'mdy': ['%m/%d/%Y', '%m-%d-%Y', '%m.%d.%Y'], 'dmy': ['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y']} -%}
    {%- if field.date_order not in numeric -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ f ~ '.date_order', field.date_order, numeric.keys() | list) -}}
    {%- endif -%}
    {%- set layouts = ['%Y-%m-%d', '%Y%m%d', '%Y/%m/%d'] + numeric[field.date_order] + (
        ['%d.%m.%Y'] if field.date_order == 'mdy' else []
    ) + ['%d %b %Y', '%d %B %Y', '%b %d %Y', '%B %d %Y', '%b %d, %Y', '%B %d, %Y', '%d-%b-%Y'] -%}
    {%- set problems = [{'name': 'unreadable', 'when': f ~ ' is null'}] -%}
    {%- if field.min -%}{%- do problems.append({'name': 'too_early', 'when': f ~ " < cast('" ~ field.min ~ "' as date)"}) -%}{%- endif -%}
    {%- if field.max -%}{%- do problems.append({'name': 'too_late', 'when': f ~ " > cast('" ~ field.max ~ "' as date)"}) -%}{%- endif -%}
    {%- set digits = dbt_dedup.replace_pattern('cast(' ~ f ~ ' as varchar)', '-', '') -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(f ~ '__original', '[ T]\\d{1,2}:\\d{2}.*$', ''),
        'value': dbt_dedup.parse_date(f ~ '__clean', layouts),
        'data_type': 'date',
        'problems': problems,
        'derived': {
            'digits': digits,
            'year': 'left(' ~ digits ~ ', 4)',
            'year_month': 'left(' ~ digits ~ ', 6)',
            'month_day': 'right(' ~ digits ~ ', 4)',
        },
    }) -}}
{% endmacro %}
