{#
    True (1) where the day of one date is the month of the other and the other way round, in the same year; false (0) where it
    is not, and where the dates are equal.
#}
{% macro day_month_swapped(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return(
        l ~ ' <> ' ~ r
        ~ '\nand left(' ~ l ~ '__digits, 4) = left(' ~ r ~ '__digits, 4)'
        ~ '\nand substr(' ~ l ~ '__digits, 5, 2) = substr(' ~ r ~ '__digits, 7, 2)'
        ~ '\nand substr(' ~ l ~ '__digits, 7, 2) = substr(' ~ r ~ '__digits, 5, 2)'
    ) -}}
{% endmacro %}
