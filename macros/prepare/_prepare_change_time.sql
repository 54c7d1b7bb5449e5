{#
    How a time of the last change is read that is not in ISO 8601, in the form of prepare_field: the day as prepare_date reads
    it, with the time of day behind it (13:45, 1:45 PM, 13h45, 13.45 Uhr) and an offset such as +02:00.
#}
{% macro _prepare_change_time(field) %}
    {%- set f = field.name -%}
    {%- set spaced, clock, whole = f ~ '__spaced', f ~ '__clock', f ~ '__whole_number' -%}
    {%- set prepared = dbt_dedup.prepare_date(field) -%}
    {#- 20260304T101500, 20260304101500 -#}
    {%- set compact = '^((?:19|20)[0-9]{2}[01][0-9][0-3][0-9])t?([0-2][0-9])([0-5][0-9])([0-5][0-9])(z|[+-].*)?$' -%}
    {%- set clock_pattern = '[0-9]{1,2}([:h][0-9]{2}(:[0-9]{2}([.,:][0-9]+)?)?|[.][0-9]{2} ?uhr|[.][0-9]{2}[.][0-9]{2}([.][0-9]+)?)'
        ~ '( ?[ap][.]?m)?( ?(utc|gmt)?[+-][0-9]{2}:?[0-9]{2})?' -%}
    {%- set half = dbt_dedup.extract_pattern(clock, '([ap])[.]?m', 1) -%}
    {%- set hour = 'cast(' ~ dbt_dedup.extract_pattern(clock, '^[0-9]+') ~ ' as integer)' -%}
    {%- set offset = dbt_dedup.extract_pattern(clock, '[+-][0-9]{2}:?[0-9]{2}$') -%}
    {%- set seconds_of_day = dbt_dedup.case_lines([
        'when ' ~ f ~ '__counted_days is null then null',
        'when length(replace(' ~ whole ~ ", '-', '')) <= 6\n    then 86400 * coalesce(cast('0.' || "
            ~ dbt_dedup.extract_pattern(f ~ '__clean', '[.,]([0-9]+)$', 1) ~ ' as double), 0)',
        'when length(replace(' ~ whole ~ ", '-', '')) <= 10 then cast(" ~ whole ~ ' as bigint) - 86400 * ' ~ f ~ '__counted_days',
    ], 'floor(cast(' ~ whole ~ ' as bigint) / 1000.0) - 86400 * ' ~ f ~ '__counted_days') -%}
    {%- set time_of_day = dbt_dedup.case_lines([
        'when ' ~ clock ~ " is null then '00:00:00'",
    ], "lpad(cast(\n        case\n            when " ~ half ~ ' is null then ' ~ hour
        ~ '\n            else mod(' ~ hour ~ ', 12) + case when ' ~ half ~ " = 'p' then 12 else 0 end\n        end as "
        ~ dbt_dedup.text_type() ~ "), 2, '0')\n    || ':' || " ~ dbt_dedup.extract_pattern(clock, '^[0-9]+[:h.]([0-9]{2})', 1)
        ~ "\n    || ':' || coalesce(" ~ dbt_dedup.extract_pattern(clock, '^[0-9]+[:h.][0-9]{2}[:.]([0-9]{2})', 1) ~ ", '00')\n    || coalesce("
        ~ offset ~ ", '')") -%}
    {%- set day = f ~ '__date' -%}
    {%- do prepared.update({
        'steps': prepared.steps + [
            {'spaced': dbt_dedup.replace_pattern(f ~ '__folded', compact, '\\1 \\2:\\3:\\4\\5')},
            {
                'clock': dbt_dedup.extract_pattern(spaced, clock_pattern),
                'seconds_of_day': seconds_of_day,
            },
            {'time_of_day': time_of_day},
        ],
        'value': dbt_dedup.case_lines(
            ['when ' ~ f ~ '__seconds_of_day is not null\n    then '
                ~ dbt.dateadd('second', f ~ '__seconds_of_day', 'cast(' ~ day ~ ' as ' ~ dbt.type_timestamp() | lower ~ ')')],
            dbt_dedup.parse_timestamp('(cast(' ~ day ~ ' as ' ~ dbt_dedup.text_type() ~ ") || ' ' || " ~ f ~ '__time_of_day)')
        ),
        'data_type': dbt.type_timestamp() | lower,
        'listed_as': 'cast(' ~ day ~ ' as ' ~ dbt_dedup.text_type() ~ ')',
        'remarks': [],
    }) -%}
    {{- return(dict({'lookups': {}, 'parts': {}}, **prepared)) -}}
{% endmacro %}
