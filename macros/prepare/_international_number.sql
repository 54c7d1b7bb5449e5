{#
    A phone number with its country code, read by a country's `plan` (see _calling_plan), or as it is where no rule reads it.
    `number` is a column of digits, with a + in front where the country code is known; `written` is the text it comes from.
#}
{% macro _international_number(number, written, plan) %}
    {%- if not plan -%}{{- return("nullif(" ~ number ~ ", '')") -}}{%- endif -%}
    {%- set code, trunk = plan.calling_code, plan.trunk_prefix -%}
    {%- set has_usual_length = ' between ' ~ plan.fewest_digits ~ ' and ' ~ plan.most_digits -%}
    {%- set after_code = 'substr(' ~ number ~ ', length(' ~ code ~ ') + 1)' -%}
    {%- set after_trunk = 'substr(' ~ number ~ ', length(' ~ trunk ~ ') + 1)' -%}
    {%- set rules = ['when left(' ~ number ~ ", 1) = '+' then " ~ number] -%}
    {#- where national numbers have ten digits and no trunk prefix is written, this form says nothing -#}
    {%- if code != "'1'" -%}
        {%- do rules.append(
            'when ' ~ code ~ " <> '1'\n    and not (" ~ plan.fewest_digits ~ ' = 10 and ' ~ plan.most_digits ~ ' = 10)\n    and '
                ~ dbt_dedup.matches_pattern('\n        ' ~ written, dbt_dedup._phone_patterns().north_american)
                ~ "\n    then '+1' || right(" ~ number ~ ', 10)'
        ) -%}
    {%- endif -%}
    {%- if trunk != "''" -%}
        {%- do rules.append(
            'when ' ~ trunk ~ " <> ''\n    and left(" ~ number ~ ', length(' ~ trunk ~ ')) = ' ~ trunk
                ~ '\n    and length(' ~ after_trunk ~ ')' ~ has_usual_length
                ~ '\n    and left(' ~ after_trunk ~ ', 1) >= ' ~ plan.smallest_digit
                ~ "\n    then '+' || " ~ code ~ ' || ' ~ after_trunk
        ) -%}
    {%- endif -%}
    {#- where a trunk prefix is usual, a number without it that begins with the country code has the country code -#}
    {%- do rules.extend([
        'when left(' ~ number ~ ', length(' ~ code ~ ')) = ' ~ code ~ '\n    and (' ~ trunk ~ " <> '' or length(" ~ number ~ ') > '
            ~ plan.most_digits ~ ')\n    and length(' ~ after_code ~ ')' ~ has_usual_length ~ '\n    and left(' ~ after_code
            ~ ', 1) >= ' ~ plan.smallest_digit ~ "\n    then '+' || " ~ number,
        'when length(' ~ number ~ ')' ~ has_usual_length ~ '\n    and left(' ~ number ~ ', 1) >= ' ~ plan.smallest_digit
            ~ "\n    then '+' || " ~ code ~ ' || ' ~ number,
    ]) -%}
    {{- return(dbt_dedup.case_lines(rules, "nullif(" ~ number ~ ", '')")) -}}
{% endmacro %}
