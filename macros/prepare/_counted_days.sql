{#
    Days since 1970 of a date that a machine counted, null where the whole number `whole` is no such count: days since 1899 as
    spreadsheets have them (of five digits, or any with the option excel_days), seconds of nine or ten digits since 1970, thousands
    of them of twelve or thirteen. A number that begins like YYYYMMDD is none.
#}
{% macro _counted_days(field, whole) %}
    {%- set number = 'cast(' ~ whole ~ ' as bigint)' -%}
    {%- set is_day = dbt_dedup.matches_pattern(whole, '^[0-9]{1,6}$' if field.excel_days else '^[1-9][0-9]{4}$') -%}
    {%- set is_date = dbt_dedup.matches_pattern(whole, '^(1[89]|20|21)[0-9]{2}(0[0-9]|1[0-2])([0-2][0-9]|3[01])([01][0-9]|2[0-3])') -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ is_day ~ ' then ' ~ number ~ ' - 25569',
        'when ' ~ dbt_dedup.matches_pattern(whole, '^([1-9][0-9]{8,9}|-[1-9][0-9]{6,9})$') ~ ' then cast(floor(' ~ number ~ ' / 86400.0) as bigint)',
        'when ' ~ dbt_dedup.matches_pattern(whole, '^-?[1-9][0-9]{11,12}$') ~ ' and not ' ~ is_date ~ '\n    then cast(floor(' ~ number ~ ' / 86400000.0) as bigint)',
    ])) -}}
{% endmacro %}
