{#
    Dates in any of the usual layouts; `date_order: dmy` reads 03/04/1980 as 3 April. Options min and max bound what is
    possible; a year of two digits lies in the hundred years up to max (1969 to 2068, as POSIX has it, without max).
    Digits (for typos inside a date), year and month are keys.
#}
{% macro prepare_date(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set orders = {'mdy': '%m{0}%d{0}%', 'dmy': '%d{0}%m{0}%'} -%}
    {%- if field.date_order not in orders -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ f ~ '.date_order', field.date_order, orders.keys() | list) -}}
    {%- endif -%}
    {%- set numeric, short = [], [] -%}
    {%- for separator in ['/', '-', '.'] -%}
        {%- do numeric.append(orders[field.date_order].format(separator) ~ 'Y') -%}
        {%- do short.append(orders[field.date_order].format(separator) ~ 'y') -%}
    {%- endfor -%}
    {%- set spelled = ['%d %b %', '%d %B %', '%d-%b-%', '%b %d %', '%B %d %', '%b %d, %', '%B %d, %'] -%}
    {%- set layouts = ['%Y-%m-%d', '%Y%m%d', '%Y/%m/%d'] + numeric + ['%d.%m.%Y'] -%}
    {%- for layout in spelled -%}
        {%- do layouts.append(layout ~ 'Y') -%}
        {%- do short.append(layout ~ 'y') -%}
    {%- endfor -%}

    {%- set has_short_year = dbt_dedup.matches_pattern(clean, '^([0-9]{1,2}[/.-][0-9]{1,2}[/.-]|[^0-9]*[0-9]{1,2}[^0-9]+)[0-9]{2}$') -%}
    {%- set short_date = dbt_dedup.parse_date(clean, short) -%}
    {%- set problems = [{'name': 'unreadable', 'when': f ~ ' is null'}] -%}
    {%- if field.min -%}
        {%- do problems.append({'name': 'too_early', 'when': f ~ " < cast('" ~ field.min ~ "' as date)"}) -%}
    {%- endif -%}
    {%- if field.max -%}
        {%- set latest = "cast('" ~ field.max ~ "' as date)" -%}
        {%- do problems.append({'name': 'too_late', 'when': f ~ " > " ~ latest}) -%}
        {%- set short_date = "case when " ~ short_date ~ " > " ~ latest ~ " then cast(" ~ short_date
            ~ " - interval 100 year as date) else " ~ short_date ~ " end" -%}
    {%- endif -%}
    {%- set digits = dbt_dedup.replace_pattern('cast(' ~ f ~ ' as varchar)', '-', '') -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(f ~ '__original', '[ T]\\d{1,2}:\\d{2}.*$', ''),
        'value': "case when " ~ has_short_year ~ " then " ~ short_date ~ " else " ~ dbt_dedup.parse_date(clean, layouts) ~ " end",
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
