{#
    Phone numbers as +<country code><national number> where that can be told (ITU-T E.164), else their digits. The option
    `country` (ISO 3166 code, or a column of countries) says how a number without a country code is read; without it no country
    code is added. Of two numbers in a text the first counts. Parts: the extension, the second number. Key: the last seven digits.
#}
{% macro prepare_phone(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set plan = dbt_dedup._calling_plan(field) -%}
    {%- set patterns = dbt_dedup._phone_patterns() -%}
    {%- set vanity_digits = "translate(" ~ f ~ "__main, 'abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999')" -%}
    {%- set vanity_rules = [] -%}
    {%- if not plan or plan.calling_code in ["'1'", f ~ '__calling_code'] -%}
        {%- do vanity_rules.append(
            'when ' ~ ("coalesce(" ~ plan.calling_code ~ ", '1') = '1' and " if plan else '')
                ~ dbt_dedup.matches_pattern(f ~ '__main', patterns.three_letters) ~ '\n    and '
                ~ dbt_dedup.matches_pattern('\n        ' ~ f ~ '__main', patterns.vanity) ~ "\n    then '+1' || left("
                ~ dbt_dedup.replace_patterns(vanity_digits, [['[^0-9]+', ''], ['^1', '']]) ~ ', 10)'
        ) -%}
    {%- endif -%}
    {%- set apart = [] -%}
    {%- for pattern in patterns.two_apart -%}{%- do apart.append(dbt_dedup.extract_pattern('\n        ' ~ f ~ '__written', pattern, 1)) -%}{%- endfor -%}
    {%- set national_digits = f -%}
    {%- if plan -%}
        {%- set national_digits = "replace(" ~ f ~ ", concat('+', " ~ plan.calling_code ~ "), '')" -%}
    {%- endif -%}
    {{- return({
        'by_country': dbt_dedup._calling_plans() if field.country is mapping else {},
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'is_number_alone': dbt_dedup.matches_pattern(f ~ '__folded', patterns.number_alone)},
            {'numbers': dbt_dedup.case_lines(
                ['when ' ~ f ~ '__is_number_alone then ' ~ f ~ '__folded'],
                dbt_dedup.replace_patterns(f ~ '__folded', [[patterns.time_of_day, '\\1']] + patterns.letters_for_digits)
            )},
            {'written': dbt_dedup.whole_number_text(f ~ '__numbers', unless=f ~ '__is_number_alone')},
            {'second_written': dbt_dedup.case_lines([
                'when length(' ~ f ~ '__written) < 15 or ' ~ f ~ '__is_number_alone and length(' ~ f ~ '__written) < 19 then null',
                'when ' ~ f ~ '__is_number_alone\n    then coalesce(' ~ apart | join(', ') ~ ')'
            ], 'coalesce(\n    ' ~ dbt_dedup.extract_pattern('\n        ' ~ f ~ '__written', patterns.two_numbers, 1) ~ ',\n    '
                ~ apart | join(',\n    ') ~ '\n)')},
            {'first': dbt_dedup.case_lines([
                'when ' ~ f ~ '__second_written is not null\n    then left(' ~ f ~ '__written, length(' ~ f ~ '__written) - length('
                    ~ f ~ '__second_written))',
            ], f ~ '__written')},
            {'main': dbt_dedup.case_lines(
                ['when ' ~ f ~ '__is_number_alone then ' ~ f ~ '__first'],
                dbt_dedup.replace_patterns(f ~ '__first', patterns.extensions)
            )},
            {
                'bare': dbt_dedup.case_lines(
                    ['when ' ~ f ~ '__is_number_alone then ' ~ f ~ '__main'] + vanity_rules,
                    dbt_dedup.replace_patterns(f ~ '__main', patterns.remarks)
                ),
                'extension_written': dbt_dedup.case_lines([
                    'when length(' ~ f ~ '__main) < length(' ~ f ~ '__first)\n    then '
                        ~ dbt_dedup.extract_pattern('substr(' ~ f ~ '__first, length(' ~ f ~ '__main) + 1)', '[0-9]+'),
                ]),
            },
            {'digits': dbt_dedup.case_lines(
                ['when ' ~ f ~ "__bare like '%(0)%'\n    then "
                    ~ dbt_dedup.replace_patterns(f ~ '__bare', patterns.trunk_zero_in_brackets) | indent(4)],
                dbt_dedup.replace_pattern(f ~ '__bare', '[^0-9+]+', '')
            )},
            {'dialled': dbt_dedup._dialled_number(f ~ '__digits', plan)},
            {'clean': dbt_dedup.case_lines(
                ['when left(' ~ f ~ "__dialled, 1) = '+'\n    then "
                    ~ dbt_dedup.replace_pattern('\n        ' ~ f ~ '__dialled', patterns.trunk_zero, '\\1\\2')],
                f ~ '__dialled'
            )},
        ],
        'value': dbt_dedup._international_number(clean, f ~ '__bare', plan),
        'parts': {
            'extension': f ~ '__extension_written',
            'second': dbt_dedup.replace_pattern(f ~ '__second_written', '[^0-9+]+', ''),
        },
        'listed_as': "replace(" ~ clean ~ ", '+', '')",
        'problems': [
            {'name': 'lost_digits', 'when': dbt_dedup.has_lost_digits(f ~ '__folded')},
            {'name': 'no_digits', 'when': 'not ' ~ dbt_dedup.matches_pattern(clean, '[0-9]')},
            {'name': 'wrong_length', 'when': 'length(' ~ f ~ ') not between 6 and 16'},
            {'name': 'repeated_digit', 'when': "replace(right(" ~ f ~ ", 7), right(" ~ f ~ ", 1), '') = ''"},
            {
                'name': 'counting_digits',
                'when': '\n    ' ~ dbt_dedup._place_of(national_digits, "'01234567890123456789 98765432109876543210'") ~ ' > 0',
            },
        ],
        'remarks': [{'name': 'two_numbers', 'when': f ~ '__second_written is not null'}],
        'derived': {'last7': dbt_dedup.last_characters(f, 7)},
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped(),
        'described': {
            'extension': 'Digits of the extension; null where the text names none.',
            'second': 'Digits of the second number of a text with two, with the plus if it has one.',
            'last7': 'Last seven digits.',
        },
    }) -}}
{% endmacro %}
