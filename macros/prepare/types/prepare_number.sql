{#
    Numbers as people of many countries write them: separators of thousands, currencies and units left out, minus signs in any
    form, `1.2 Mio.` multiplied. Of one separator, a comma before three digits separates thousands (1,234) and a full stop decimals
    (1.234), unless the option `decimal` says otherwise. Options min and max bound what is possible.
#}
{% macro prepare_number(field) %}
    {%- set f = field.name -%}
    {%- if field.decimal not in [none, '.', ','] -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ f ~ '.decimal', field.decimal, ['.', ',']) -}}
    {%- endif -%}
    {%- set problems = [
        {
            'name': 'two_numbers',
            'when': f ~ ' is null and not ' ~ f ~ '__is_plain\n    and '
                ~ dbt_dedup.matches_pattern(f ~ '__bare', '[0-9][^0-9]*[^0-9.,][^0-9]*[0-9]'),
        },
        {'name': 'unreadable', 'when': f ~ ' is null'},
    ] -%}
    {%- if field.min is not none -%}{%- do problems.append({'name': 'too_small', 'when': f ~ ' < ' ~ field.min}) -%}{%- endif -%}
    {%- if field.max is not none -%}{%- do problems.append({'name': 'too_large', 'when': f ~ ' > ' ~ field.max}) -%}{%- endif -%}
    {{- return({
        'steps': dbt_dedup._number_steps(field),
        'value': f ~ '__number * ' ~ f ~ '__factor + 0.0',
        'data_type': 'double',
        'problems': problems,
        'derived': {'rounded': 'cast(round(' ~ f ~ ') as ' ~ dbt_dedup.text_type() ~ ')'},
        'survivorship': 'current',
        'doubtful': dbt_dedup.matches_pattern(f ~ '__original', '[0-9] *[+]|[0-9] *[-–] *[0-9]|\\p{L}{4,}|^(ca|approx)'),
        'described': {
            'rounded': 'The value rounded to a whole number, as text.',
        },
    }) -}}
{% endmacro %}
