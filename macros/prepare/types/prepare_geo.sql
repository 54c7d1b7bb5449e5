{#
    Coordinates in degrees, from two columns (`column: [latitude, longitude]`) or one text (`48.1374, 11.5755`; `48,1374;
    11,5755`; `48.1374 N 11.5755 E`; `POINT (11.5755 48.1374)`). The value is the text `<latitude> <longitude>` with five
    decimals (about one metre). Blocking key: the four corner nodes of the record's grid cell, so that two records meet
    where their cells are equal or touch. See _geo_cell_steps.
#}
{% macro prepare_geo(field) %}
    {%- set f = field.name -%}
    {%- set number = '[+-]?[0-9.]+' -%}
    {%- set pair = '^ *([ns] ?)?(' ~ number ~ ')( ?[ns])? +([ew] ?)?(' ~ number ~ ')( ?[ew])? *$' -%}
    {%- set text_type = dbt_dedup.text_type() -%}
    {%- set latitude, longitude = f ~ '__read_latitude', f ~ '__read_longitude' -%}
    {%- set words = 'degrees?|deg|latitude|longitude|lat|long|lon|lng|geo' -%}
    {#- two decimals, as of the middle of a town -#}
    {%- set coarse = dbt_dedup.matches_pattern('{0}', '000 .*000$') -%}
    {#- 0.002 degrees of latitude are 222 metres -#}
    {%- set near = [] -%}
    {%- for part, degrees in [(1, '0.002'), (2, '0.004')] -%}
        {%- do near.append(
            "abs(cast(split_part({0}, ' ', " ~ part ~ ") as double) - cast(split_part({1}, ' ', " ~ part ~ ') as double)) < ' ~ degrees
        ) -%}
    {%- endfor -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'plain': dbt_dedup.replace_patterns(f ~ '__folded', [
                ['^point *[(] *([0-9.+-]+) +([0-9.+-]+) *[)]$', '\\2 \\1'],
                ['[−–]', '-'],
                ['[°º()\\[\\]{}\\x22:=]|' ~ words, ' '],
                [' +', ' ']
            ])},
            {'spaced': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(f ~ '__plain', '[0-9][.][0-9]')
                    ~ '\n    then ' ~ dbt_dedup.replace_pattern(f ~ '__plain', '[,;/|]+', ' ')],
                dbt_dedup.replace_patterns(f ~ '__plain', [[',? *[;/|] *|, ', ' '], ['([0-9]),([0-9])', '\\1.\\2']])
            )},
            {
                'first': dbt_dedup.extract_pattern(f ~ '__spaced', pair, 2),
                'second': dbt_dedup.extract_pattern(f ~ '__spaced', pair, 5),
            },
            {
                'first_degrees': dbt_dedup.parse_number(f ~ '__first'),
                'second_degrees': dbt_dedup.parse_number(f ~ '__second'),
            },
            {
                'read_latitude': dbt_dedup.case_lines(
                    ['when ' ~ f ~ "__spaced like '%s%' then -abs(" ~ f ~ '__first_degrees)'], f ~ '__first_degrees'
                ),
                'read_longitude': dbt_dedup.case_lines(
                    ['when ' ~ f ~ "__spaced like '%w%' then -abs(" ~ f ~ '__second_degrees)'], f ~ '__second_degrees'
                ),
            },
        ],
        'value': dbt_dedup.case_lines([
            'when abs(' ~ latitude ~ ') <= 90 and abs(' ~ longitude ~ ') <= 180'
                ~ '\n    then cast(cast(' ~ latitude ~ ' as decimal(9, 5)) as ' ~ text_type ~ ')'
                ~ "\n        || ' ' || cast(cast(" ~ longitude ~ ' as decimal(9, 5)) as ' ~ text_type ~ ')'
        ]),
        'problems': [
            {'name': 'incomplete', 'when': dbt_dedup.matches_pattern(f ~ '__spaced', '^ *[nsew]? ?[+-]?[0-9]+[.]?[0-9]* ?[nsew]? *$')},
            {'name': 'unreadable', 'when': latitude ~ ' is null or ' ~ longitude ~ ' is null'},
            {'name': 'out_of_range', 'when': f ~ ' is null'},
            {'name': 'null_island', 'when': f ~ " = '0.00000 0.00000'"},
        ],
        'derived': dbt_dedup._geo_cell_steps(f),
        'numbers': {
            'latitude': "cast(split_part(" ~ f ~ ", ' ', 1) as double)",
            'longitude': "cast(split_part(" ~ f ~ ", ' ', 2) as double)",
        },
        'lists': {'nodes': dbt_dedup.split_words(f ~ '__corners')},
        'near': '(' ~ near | join('\n    and ') ~ ')',
        'survivorship': 'current',
        'variant': near | join('\nand ') | replace('0.00', '0.0'),
        'lesser': coarse ~ '\nand not ' ~ dbt_dedup._of_pair(coarse, '{1}', '{0}'),
        'group': 'address',
        'described': {
            'latitude': 'Degrees north, in [-90, 90].',
            'longitude': 'Degrees east, in [-180, 180].',
            'cell_row': 'Row of the grid cell: hundredths of a degree from the south pole, rounded down.',
            'cell_width': 'Width of the cell in hundredths of a degree, about as many kilometres as it is high.',
            'cell_west': 'Western edge of the cell, in hundredths of a degree from the date line.',
            'cell_east': 'Eastern edge of the cell, in hundredths of a degree from the date line.',
            'corners': 'The four corners of the cell as words.',
            'nodes': 'The four corners of the cell; two records share one where their cells are equal or touch.',
        },
    }) -}}
{% endmacro %}
