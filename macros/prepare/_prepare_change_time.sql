{#
    How a time of the last change is read that is not in ISO 8601, in the form of prepare_field: the day as prepare_date reads
    it, with the time of day behind it (13:45, 1:45 PM, 13h45, 13.45 Uhr) and an offset such as +02:00.
#}
{% macro _prepare_change_time(field) %}
    {%- set f = field.name -%}
    {%- set clock, whole, days, day = f ~ '__clock', f ~ '__whole_number', f ~ '__counted_days', f ~ '__date' -%}
    {%- set text_type, timestamp_type = dbt_dedup.text_type(), dbt.type_timestamp() | lower -%}
    {#- 20260304T101500, 20260304101500 -#}
    {%- set compact = '^((?:19|20)[0-9]{2}[01][0-9][0-3][0-9])t?([0-2][0-9])([0-5][0-9])([0-5][0-9])(z|[+-].*)?$' -%}
    {%- set written = f ~ '__spaced' -%}
    {%- set seconds_of_day = dbt_dedup.case_lines([
        'when ' ~ days ~ ' is null then null',
        'when length(' ~ whole ~ ') <= 6\n    then 86400 * coalesce(cast('
            ~ "'0.' || " ~ dbt_dedup.extract_pattern(f ~ '__clean', '[.,]([0-9]+)$', 1) ~ ' as double), 0)',
        'when length(' ~ whole ~ ') <= 10 then cast(' ~ whole ~ ' as bigint) - 86400 * ' ~ days,
    ], 'floor(cast(' ~ whole ~ ' as bigint) / 1000.0) - 86400 * ' ~ days) -%}
    {%- set hour = 'cast(' ~ dbt_dedup.extract_pattern(clock, '^[0-9]+') ~ ' as integer)' -%}
    {%- set hour_of_day = dbt_dedup.case_lines([
        'when ' ~ f ~ "__half = 'p' then mod(" ~ hour ~ ', 12) + 12',
        'when ' ~ f ~ "__half = 'a' then mod(" ~ hour ~ ', 12)',
    ], hour) -%}
    {%- set prepared = dbt_dedup.prepare_date(field) -%}
    {%- set clock_steps = [
        {'spaced': dbt_dedup.replace_patterns(f ~ '__folded', [[compact, '\\1 \\2:\\3:\\4\\5']])},
        {'clock': dbt_dedup.extract_pattern(
            written, '[0-9]{1,2}([:h][0-9]{2}|[.][0-9]{2} ?uhr|([.][0-9]{2}){2}([.]| ?[ap]m)).*$'
        )},
        {
            'half': dbt_dedup.extract_pattern(clock, '[^a-z]([ap])[.]?m', 1),
            'offset': dbt_dedup.extract_pattern(clock, '[+-][0-9]{2}:?[0-9]{2}'),
            'minutes': dbt_dedup.extract_pattern(clock, '^[0-9]+[:h.]([0-9]{2})', 1),
            'seconds': dbt_dedup.extract_pattern(clock, '^[0-9]+[:h.][0-9]{2}[:.]([0-9]{2})', 1),
            'seconds_of_day': seconds_of_day,
        },
        {'hour': 'lpad(cast(' ~ hour_of_day ~ ' as ' ~ text_type ~ "), 2, '0')"},
        {'time': dbt_dedup.case_lines(
            ['when ' ~ clock ~ " is null then '00:00:00'"],
            f ~ "__hour || ':' || " ~ f ~ "__minutes || ':' || coalesce(" ~ f ~ "__seconds, '00') || coalesce(" ~ f ~ "__offset, '')"
        )},
        {'moment_text': 'cast(' ~ day ~ ' as ' ~ text_type ~ ") || ' ' || " ~ f ~ '__time'},
        {'moment': dbt_dedup.parse_timestamp(f ~ '__moment_text')},
    ] -%}
    {{- return(dict(prepared, **{
        'lookups': {}, 'parts': {}, 'remarks': [],
        'steps': dbt_dedup._date_steps(field) + clock_steps,
        'value': dbt_dedup.case_lines(
            ['when ' ~ f ~ '__seconds_of_day is not null\n    then '
                ~ dbt.dateadd('second', f ~ '__seconds_of_day', 'cast(' ~ day ~ ' as ' ~ timestamp_type ~ ')')],
            f ~ '__moment'
        ),
        'data_type': timestamp_type,
        'listed_as': 'cast(' ~ day ~ ' as ' ~ text_type ~ ')',
    })) -}}
{% endmacro %}
