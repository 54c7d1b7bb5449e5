{# True (1) where day and month of one date are month and day of the other, in the same year; false (0) where not or where they are equal. #}
{% macro day_month_swapped(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return(
        l ~ " <> " ~ r ~ " and left(" ~ l ~ "__digits, 4) = left(" ~ r ~ "__digits, 4) and substr(" ~ l
        ~ "__digits, 5, 2) = substr(" ~ r ~ "__digits, 7, 2) and substr(" ~ l ~ "__digits, 7, 2) = substr(" ~ r
        ~ "__digits, 5, 2)"
    ) -}}
{% endmacro %}
