{# The step from the numbers of a date and the name of its month to `year-month-day`, parts that are missing being empty. #}
{% macro _date_order_rules(field) %}
    {%- set f = field.name -%}
    {%- set letters, month, numbers = f ~ '__letters', f ~ '__month_number', f ~ '__numbers' -%}
    {%- set first, second, third = 'split_part(' ~ numbers ~ ", '-', 1)", 'split_part(' ~ numbers ~ ", '-', 2)", 'split_part(' ~ numbers ~ ", '-', 3)" -%}
    {%- set short, four_or_two, is_month = '[0-9]{1,2}', '([0-9]{2}|[0-9]{4})', '(0?[0-9]|1[0-2])' -%}
    {#- a number that no day can be, and a year that is one without a doubt -#}
    {%- set year, sure_year = '([0-9]{4}|3[2-9]|[4-9][0-9])', '(1[89]|20)[0-9]{2}' -%}
    {%- set no_word = letters ~ " = ''" -%}
    {%- set unknown_part = letters ~ " in ('', 'x', 'xx', 'xx xx', 'xxxx', 'dd', 'mm')" -%}
    {%- set orders = {'mdy': first ~ " || '-' || " ~ second, 'dmy': second ~ " || '-' || " ~ first} -%}
    {#- full stops are how those write a date who begin with the day -#}
    {%- set month_and_day = orders[field.date_order] if field.date_order else 'case\n        when ' ~ f ~ "__clean like '%.%.%' then "
        ~ orders.dmy ~ '\n        else ' ~ orders.mdy ~ '\n    end' -%}
    {%- set rules = [] -%}
    {%- for condition, pattern, parts in [
        (no_word, '^' ~ year ~ '-' ~ short ~ '-' ~ short ~ '$', [numbers]),
        (no_word, '^' ~ short ~ '-' ~ short ~ '-' ~ four_or_two ~ '$',
            [third, month_and_day]),
        (month ~ ' is not null', '^' ~ year ~ '-' ~ short ~ '$', [first, month, second]),
        (month ~ ' is not null', '^' ~ short ~ '-' ~ four_or_two ~ '$', [second, month, first]),
        (month ~ ' is not null', '^(' ~ short ~ '|[0-9]{4})$', [numbers, month, "''"]),
        (unknown_part, '^' ~ sure_year ~ '(-' ~ is_month ~ ')?$', [first, second, "''"]),
        (unknown_part, '^' ~ is_month ~ '-' ~ sure_year ~ '$', [second, first, "''"]),
        (letters ~ ' in (' ~ dbt_dedup._quoted_lines(dbt_dedup._date_words().periods) ~ ')',
            '^([1-4]-)?([0-9]{2}|' ~ sure_year ~ ')(-[1-4])?$', ["'0'", "''", "''"]),
    ] -%}
        {%- do rules.append(
            'when ' ~ condition ~ '\n    and ' ~ dbt_dedup.matches_pattern(numbers, pattern) ~ '\n    then ' ~ parts | join(" || '-' || ")
        ) -%}
    {%- endfor -%}
    {{- return(dbt_dedup.case_lines(rules)) -}}
{% endmacro %}
