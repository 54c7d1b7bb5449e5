{#
    Numbers: currency signs, thousands separators and units left out; a comma before one or two last digits is a decimal
    comma (1.234,50). Options min and max bound what is possible.
#}
{% macro prepare_number(field) %}
    {%- set f = field.name -%}
    {%- set original = f ~ '__original' -%}
    {%- set has_decimal_comma = dbt_dedup.matches_pattern(original, '^[^0-9,]*[0-9]{1,3}([. ]?[0-9]{3})*,[0-9]{1,2}([^0-9]*)$') -%}
    {%- set problems = [{'name': 'unreadable', 'when': f ~ ' is null'}] -%}
    {%- if field.min is not none -%}{%- do problems.append({'name': 'too_small', 'when': f ~ ' < ' ~ field.min}) -%}{%- endif -%}
    {%- if field.max is not none -%}{%- do problems.append({'name': 'too_large', 'when': f ~ ' > ' ~ field.max}) -%}{%- endif -%}
    {{- return({
        'steps': [
            {'with_decimal_point': dbt_dedup.case_lines(
                ['when ' ~ has_decimal_comma ~ "\n    then replace(replace(" ~ original ~ ", '.', ''), ',', '.')"], original
            )},
            {'clean': dbt_dedup.replace_pattern(f ~ '__with_decimal_point', '\\p{L}{2,}|[^0-9eE.+-]+', '')},
        ],
        'value': dbt_dedup.parse_number(f ~ '__clean'),
        'data_type': 'double',
        'problems': problems,
        'derived': {'rounded': 'cast(round(' ~ f ~ ') as ' ~ dbt_dedup.text_type() ~ ')'},
        'survivorship': 'current',
        'doubtful': dbt_dedup.matches_pattern(original, '[0-9] *[+]|[0-9] *[-–] *[0-9]|\\p{L}{4,}|^(ca|approx)'),
        'described': {
            'rounded': 'The value rounded to a whole number, as text.',
        },
    }) -}}
{% endmacro %}
