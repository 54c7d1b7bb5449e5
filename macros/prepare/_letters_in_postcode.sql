{#
    A joined postcode in which the letters O, I and L are digits where the codes of the `country` have digits:
    `k1aob1` is `k1a0b1`. `code` is a column: it is written several times.
#}
{% macro _letters_in_postcode(code, country) %}
    {%- set lengths, all_digits = dbt_dedup._postcode_digits(), [] -%}
    {%- for countries in lengths.with_zero.values() | list + lengths.without_zero.values() | list -%}
        {%- for one in countries if one != 'DE' -%}{%- do all_digits.append(one) -%}{%- endfor -%}
    {%- endfor -%}
    {%- set as_digits = "translate({}, 'oil', '011')" -%}
    {%- set part = 'substr(' ~ code ~ ', {}, 1)' -%}
    {%- set canadian = [] -%}
    {%- for place in range(1, 7) -%}
        {%- do canadian.append(as_digits.format(part.format(place)) if place % 2 == 0 else part.format(place)) -%}
    {%- endfor -%}
    {#- `O-1067` was a code of East Germany -#}
    {%- set rules = [
        ("= 'CA'", '^[a-z][0-9oil][a-z][0-9oil][a-z][0-9oil]$', canadian | join('\n        || ')),
        ("= 'GB'", '^[a-z]{1,2}[0-9][a-z0-9]?[oil][a-z]{2}$',
            'left(' ~ code ~ ', length(' ~ code ~ ') - 3)\n        || ' ~ as_digits.format('left(right(' ~ code ~ ', 3), 1)') ~ ' || right(' ~ code ~ ', 2)'),
        ("= 'IE'", '^[a-z][0-9oil][0-9oilw][a-z0-9]{4}$',
            'left(' ~ code ~ ', 1) || ' ~ as_digits.format('substr(' ~ code ~ ', 2, 2)') ~ ' || right(' ~ code ~ ', 4)'),
        ("= 'DE'", '^[0-9][0-9oil]*[0-9][0-9oil]*[0-9][0-9oil]*$', as_digits.format(code)),
        ('in (' ~ dbt_dedup._quoted_lines(all_digits | join(' ')) ~ ')', '^[0-9o][0-9oil]*[0-9][0-9oil]*[0-9][0-9oil]*[0-9oil]$', as_digits.format(code)),
    ] -%}
    {%- set cases = ['when not ' ~ dbt_dedup.matches_pattern(code, '[oil]') ~ ' then ' ~ code] -%}
    {%- for condition, pattern, meant in rules -%}
        {%- do cases.append('when ' ~ country ~ ' ' ~ condition ~ '\n    and ' ~ dbt_dedup.matches_pattern(code, pattern) ~ '\n    then ' ~ meant) -%}
    {%- endfor -%}
    {{- return(dbt_dedup.case_lines(cases, code)) -}}
{% endmacro %}
