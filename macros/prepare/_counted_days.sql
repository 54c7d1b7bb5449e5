{#
    Days since 1970 of a date that a machine counted, null where the whole number `whole` is no such count: days since 1899 as
    spreadsheets have them (five digits, or any number with the option excel_days), seconds since 1970 (nine or ten digits), or
    thousandths of them (twelve or thirteen). A number that begins like YYYYMMDD with an hour is none.
#}
{% macro _counted_days(field, whole) %}
    {%- set number = 'cast(' ~ whole ~ ' as bigint)' -%}
    {%- set rules = [] -%}
    {%- for pattern, days in [
        ('^[0-9]{1,6}$' if field.excel_days else '^[1-9][0-9]{4}$', number ~ ' - 25569'),
        ('^([1-9][0-9]{8,9}|-[1-9][0-9]{6,9})$', 'cast(floor(' ~ number ~ ' / 86400.0) as bigint)'),
        ('^(1[89]|20|21)[0-9]{2}(0[0-9]|1[0-2])([0-2][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]$', 'null'),
        ('^-?[1-9][0-9]{11,12}$', 'cast(floor(' ~ number ~ ' / 86400000.0) as bigint)'),
    ] -%}
        {%- do rules.append('when ' ~ dbt_dedup.matches_pattern(whole, pattern) ~ '\n    then ' ~ days) -%}
    {%- endfor -%}
    {{- return(dbt_dedup.case_lines(rules)) -}}
{% endmacro %}
