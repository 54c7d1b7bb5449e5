{#
    Dates in any of the usual layouts and some twenty languages, with a weekday or a time of day around them. `date_order: dmy` reads
    03/04/1980 as 3 April; where only the other order makes a date, that is read and remarked on. Options min and max bound
    what is possible, 1000 to 2126 without them; a year of two digits lies in the hundred years up to max (1969 to 2068, as
    POSIX has it, without max). With `excel_days: true` whole numbers are days as spreadsheets count them. Digits (for typos
    inside a date), year and month are keys.
#}
{% macro prepare_date(field) %}
    {%- set f = field.name -%}
    {%- set years = dbt_dedup.method_constants().date_years -%}
    {%- set earliest = "cast('" ~ (field.min or years[0] ~ '-01-01') ~ "' as date)" -%}
    {%- set latest = "cast('" ~ (field.max or years[1] ~ '-12-31') ~ "' as date)" -%}
    {%- set value = f ~ '__date' -%}
    {%- if field.max -%}
        {%- set value = dbt_dedup.case_lines(
            ['when length(' ~ f ~ '__year) = 2 and ' ~ f ~ '__date > ' ~ latest
                ~ '\n    then cast(' ~ dbt.dateadd('year', -100, f ~ '__date') ~ ' as date)'],
            f ~ '__date'
        ) -%}
    {%- endif -%}
    {%- set is_null = f ~ ' is null and ' -%}
    {%- set no_part = "('', '0', '00')" -%}
    {{- return({
        'steps': dbt_dedup._date_steps(field),
        'value': value,
        'data_type': 'date',
        'problems': [
            {
                'name': 'incomplete',
                'when': is_null ~ f ~ "__year <> '0000'\n    and ("
                    ~ f ~ '__month in ' ~ no_part ~ ' or ' ~ f ~ '__day in ' ~ no_part ~ ')',
            },
            {'name': 'no_such_day', 'when': is_null ~ f ~ '__ordered is not null'},
            {'name': 'unreadable', 'when': f ~ ' is null'},
            {'name': 'too_early', 'when': f ~ ' < ' ~ earliest},
            {'name': 'too_late', 'when': f ~ ' > ' ~ latest},
        ],
        'remarks': [
            {'name': 'other_date_order', 'when': f ~ '__is_swapped and not ' ~ dbt_dedup.matches_pattern(f ~ '__clean', '[.]')},
            {'name': 'counted_days', 'when': f ~ '__counted_days is not null and ' ~ ('false' if field.excel_days else 'true')},
            {'name': 'first_of_january', 'when': 'extract(month from ' ~ f ~ ') = 1 and extract(day from ' ~ f ~ ') = 1'},
        ],
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
