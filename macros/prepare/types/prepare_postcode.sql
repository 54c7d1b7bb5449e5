{#
    Postcodes as letters and digits without spaces; US ZIP+4 codes as their first five digits, the last three characters of
    British codes left out of the area. A value without any digit (a city in the wrong column) is incorrect.
#}
{% macro prepare_postcode(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set value = "nullif(" ~ clean ~ ", '')" -%}
    {%- if field.country == 'US' -%}
        {%- set value = dbt_dedup.case_lines(
            ['when ' ~ dbt_dedup.matches_pattern(clean, '^[0-9]{9}$') ~ ' then left(' ~ clean ~ ', 5)'], value
        ) -%}
    {%- endif -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'clean': dbt_dedup.replace_pattern(f ~ '__folded', '[^a-z0-9]+', '')},
        ],
        'value': value,
        'problems': [
            {'name': 'no_digits', 'when': 'not ' ~ dbt_dedup.matches_pattern(clean, '[0-9]')},
            {'name': 'wrong_length', 'when': 'length(' ~ clean ~ ') not between 3 and 10'},
            {'name': 'repeated_digit', 'when': dbt_dedup.repeats_first_character(clean)},
        ],
        'derived': {
            'area': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(f, '^[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}$')
                    ~ ' then left(' ~ f ~ ', length(' ~ f ~ ') - 3)'],
                'left(' ~ f ~ ', 3)'
            ),
        },
        'survivorship': 'most_recent',
        'group': 'address',
        'shown': 'upper(' ~ f ~ '__original)',
        'described': {
            'area': 'Postal area: British codes without their last three characters, the first three characters of other codes.',
        },
    }) -}}
{% endmacro %}
