{#
    Postcodes as letters and digits without spaces, without a country in front (`D-80331`) or a town behind; US ZIP+4 codes as
    their first five digits. The option `country`, or a country in front, says how many digits a code has: leading zeros that were
    lost come back, a code that is too short otherwise is incorrect. Key: the area, of British codes all but the last three
    characters.
#}
{% macro prepare_postcode(field) %}
    {%- set f = field.name -%}
    {%- set folded, joined, code, country = f ~ '__folded', f ~ '__joined', f ~ '__code', f ~ '__read_country' -%}
    {%- set states_with_zero = '^(?:ct|ma|me|nh|nj|pr|ri|vt)[0-9]' -%}
    {%- set only_digits = '^[0-9]+$' -%}
    {%- set lengths = dbt_dedup._postcode_digits() -%}
    {%- set is_long = dbt_dedup.matches_pattern(f ~ '__written', '^[0-9]{5}[ -]+[0-9]{4}$') -%}
    {%- set padded = [
        'when ' ~ is_long ~ '\n    or ' ~ country ~ " = 'US' and " ~ dbt_dedup.matches_pattern(code, '^[0-9]{9}$')
            ~ '\n    then left(' ~ code ~ ', 5)',
        'when ' ~ country ~ " = 'US' and " ~ dbt_dedup.matches_pattern(code, '^[0-9]{8}$') ~ " then '0' || left(" ~ code ~ ', 4)',
        'when ' ~ country ~ " in ('FI', 'PL') and " ~ dbt_dedup.matches_pattern(code, '^[1-9][0-9]{2}$') ~ " then '00' || " ~ code,
        'when ' ~ country ~ " = 'IT' and " ~ dbt_dedup.matches_pattern(code, '^1[0-9]{2}$') ~ " then '00' || " ~ code,
        'when ' ~ country ~ " = 'US' and " ~ dbt_dedup.matches_pattern(code, '^[5-9][0-9]{2}$') ~ " then '00' || " ~ code,
        'when ' ~ country ~ " = 'PT' and " ~ dbt_dedup.matches_pattern(f ~ '__written', '[0-9]{4}-[0-9]{1,2}$')
            ~ '\n    then left(' ~ code ~ ", 4) || right('00' || substr(" ~ code ~ ', 5), 3)',
    ] -%}
    {%- set too_short = [] -%}
    {%- for digits, countries in lengths.with_zero.items() -%}
        {%- do padded.append(
            'when length(' ~ code ~ ') = ' ~ (digits - 1) ~ ' and ' ~ country ~ " in ('" ~ countries | join("', '") ~ "')\n    and "
                ~ dbt_dedup.matches_pattern(code, only_digits) ~ " then '0' || " ~ code
        ) -%}
    {%- endfor -%}
    {%- for digits in range(4, 9) -%}
        {%- for countries in [lengths.with_zero.get(digits), lengths.without_zero.get(digits)] if countries -%}
            {%- do too_short.append('length(' ~ f ~ ') < ' ~ digits ~ ' and ' ~ country ~ " in ('" ~ countries | join("', '") ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set plain_original = dbt_dedup.replace_pattern('lower(' ~ f ~ '__original)', '[^a-z0-9]+', '') -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'written': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(folded, only_digits) ~ ' then ' ~ folded],
                dbt_dedup.replace_patterns(folded, dbt_dedup._postcode_rules())
            )},
            {'bare': dbt_dedup.replace_pattern(f ~ '__written', '[^a-z0-9]+', '')},
            {'joined': dbt_dedup._letters_in_postcode(f ~ '__bare', dbt_dedup._country_of(field))},
            {'code': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(joined, only_digits) ~ ' then ' ~ joined],
                dbt_dedup.replace_pattern(joined, dbt_dedup._country_before_postcode(), '\\1\\2\\3\\4\\5')
            )},
            {'read_country': dbt_dedup.case_lines([
                'when ' ~ code ~ ' = ' ~ joined ~ ' then ' ~ dbt_dedup._country_of(field),
                'when ' ~ dbt_dedup._country_of(field) ~ " = 'US' and " ~ dbt_dedup.matches_pattern(joined, states_with_zero) ~ " then 'US'",
                'when ' ~ joined ~ " like 'd%' and " ~ joined ~ " not like 'dk%' then 'DE'",
                'when ' ~ dbt_dedup.matches_pattern(joined, '^[a-z]{2}[0-9]') ~ ' then upper(left(' ~ joined ~ ', 2))',
                'when ' ~ joined ~ " like 'f%' then 'FR'",
                'when ' ~ joined ~ " like 'i%' then 'IT'",
                'when ' ~ joined ~ " like 'e%' then 'ES'",
                'when ' ~ joined ~ " like 'us%' then 'US'",
            ])},
        ],
        'value': dbt_dedup.case_lines(padded, "nullif(" ~ code ~ ", '')"),
        'problems': [
            {'name': 'no_digits', 'when': 'not ' ~ dbt_dedup.matches_pattern(joined, '[0-9]')},
            {'name': 'wrong_length', 'when': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(f, only_digits) ~ ' and (\n    ' ~ too_short | join('\n    or ') ~ '\n)\n    then true'],
                'length(' ~ f ~ ') not between 3 and 10'
            )},
            {'name': 'repeated_digit', 'when': dbt_dedup.repeats_first_character(code)},
        ],
        'derived': {
            'area': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(f, '^[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}$')
                    ~ ' then left(' ~ f ~ ', length(' ~ f ~ ') - 3)'],
                'left(' ~ f ~ ', 3)'
            ),
        },
        'group': 'address',
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped(),
        'lesser': "{1} = '0' || {0}\nor (" ~ dbt_dedup.matches_pattern('{0}', '[a-z]') ~ '\nand not '
            ~ dbt_dedup.matches_pattern('{1}', '[a-z]') ~ ' and length({0}) = length({1}))',
        'known_by': 'value',
        'shown': dbt_dedup.case_lines(
            ['when ' ~ plain_original ~ ' = ' ~ f ~ '\n    or ' ~ dbt_dedup.matches_pattern(f ~ '__original', '^[0-9]{5}-[0-9]{4}$')
                ~ '\n    then upper(' ~ f ~ '__original)'],
            'upper(' ~ f ~ ')'
        ),
        'described': {
            'area': 'Postal area: British codes without their last three characters, the first three characters of other codes.',
        },
    }) -}}
{% endmacro %}
