{#
    The digits of a code that a spreadsheet or a column of floating point numbers wrote as a number: `2125550187.0` and
    `2.125550187E9` are 2125550187. Any other text stays. `text` is a column in lower case; `unless` is SQL that is true of
    texts known to be no such numbers, to spare the rest. See has_lost_digits.
#}
{% macro whole_number_text(text, unless=none) %}
    {%- set digits = "translate(split_part(" ~ text ~ ", 'e', 1), '.,', '')" -%}
    {%- set zeros = 'cast(' ~ dbt_dedup.extract_pattern(text, '[0-9]+$') ~ ' as integer) + 1' -%}
    {%- set others = ['when ' ~ unless ~ ' then ' ~ text] if unless else [] -%}
    {{- return(dbt_dedup.case_lines(others + [
        'when ' ~ dbt_dedup.matches_pattern(text, '^[0-9]+[.]0+$') ~ ' then split_part(' ~ text ~ ", '.', 1)",
        'when ' ~ dbt_dedup.matches_pattern(text, '^[0-9][.,][0-9]+e[+]?[0-9]{1,2}$')
            ~ '\n    then rpad(\n        ' ~ digits ~ ',\n        cast(greatest(length(' ~ digits ~ '),\n            ' ~ zeros
            ~ ") as integer),\n        '0'\n    )",
    ], text)) -}}
{% endmacro %}
