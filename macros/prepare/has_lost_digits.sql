{# Whether a spreadsheet rounded a code to a number with fewer digits, such as `2.12555E+09`. `text` is in lower case. #}
{% macro has_lost_digits(text) %}
    {{- return(
        dbt_dedup.matches_pattern(text, '^[0-9]([.,][0-9]+e[+]?|e[+])[0-9]{1,2}$') ~ '\nand length(split_part(' ~ text ~ ", 'e', 1))\n    < cast(" ~ dbt_dedup.extract_pattern(text, '[0-9]+$') ~ ' as integer) + 2'
    ) -}}
{% endmacro %}
