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

    {%- set problems = [{'name': 'unreadable', 'when': f ~ ' is null'}] -%}
    {%- set value = f ~ '__date' -%}
    {%- if field.min -%}
        {%- do problems.append({'name': 'too_early', 'when': f ~ " < cast('" ~ field.min ~ "' as date)"}) -%}
    {%- endif -%}
    {%- if field.max -%}
        {%- set latest = "cast('" ~ field.max ~ "' as date)" -%}
        {%- do problems.append({'name': 'too_late', 'when': f ~ " > " ~ latest}) -%}
        {%- set value = dbt_dedup.case_lines(
            ["when " ~ f ~ "__has_short_year and " ~ f ~ "__date > " ~ latest ~ " then cast(" ~ dbt.dateadd('year', -100, f ~ '__date') ~ " as date)"],
            f ~ '__date'
        ) -%}
    {%- endif -%}
    {{- return({
        'steps': [
            {'clean': dbt_dedup.replace_pattern(f ~ '__original', '[ T]\\d{1,2}:\\d{2}.*$', '')},
            {'has_short_year': dbt_dedup.matches_pattern(
                clean, '^([0-9]{1,2}[/.-][0-9]{1,2}[/.-]|[^0-9]*[0-9]{1,2}[^0-9]+)[0-9]{2}$'
            )},
            {'date': dbt_dedup.case_lines(
                ['when ' ~ f ~ '__has_short_year then ' ~ dbt_dedup.parse_date(clean, short)], dbt_dedup.parse_date(clean, layouts)
            )},
        ],
        'value': value,
        'data_type': 'date',
        'problems': problems,
        'derived': [
            {'digits': "replace(cast(" ~ f ~ " as " ~ dbt_dedup.text_type() ~ "), '-', '')"},
            {
                'year': 'left(' ~ f ~ '__digits, 4)',
                'year_month': 'left(' ~ f ~ '__digits, 6)',
                'month_day': 'right(' ~ f ~ '__digits, 4)',
            },
        ],
        'variant': dbt_dedup.edit_distance(
            'cast({0} as ' ~ dbt_dedup.text_type() ~ ')', 'cast({1} as ' ~ dbt_dedup.text_type() ~ ')'
        ) ~ ' <= 2',
        'described': {
            'digits': 'The date as eight digits, YYYYMMDD.',
            'year': 'The year, four digits.',
            'year_month': 'Year and month, YYYYMM.',
            'month_day': 'Month and day, MMDD.',
        },
    }) -}}
{% endmacro %}
