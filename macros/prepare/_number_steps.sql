{#
    The steps from a text to a number: __bare (what is left between marks `|` where letters and signs were), __digits (with a
    decimal point and nothing else), __number (with its sign) and __factor (what a word such as million multiplies it by).
#}
{% macro _number_steps(field) %}
    {%- set f = field.name -%}
    {%- set folded, tidy, bare, core, factor_word = f ~ '__folded', f ~ '__tidy', f ~ '__bare', f ~ '__core', f ~ '__factor_word' -%}
    {%- set plain = '([0-9]+[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?$' -%}

    {#- 1 234,50 with a space of any width, 1'234.50, 12.-, 1/2 as a sign -#}
    {%- set tidy_rules = [
        ['[\\s\\x{A0}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}]+', ' '],
        ['[\\x{2010}-\\x{2015}\\x{2212}]', '-'],
        ["[''`´\\x{2018}\\x{2019}\\x{02BC}\\x{2032}\\x{066C}]([0-9]{3})", '\\1'],
        [' ?[½]', '.5'], [' ?[¼]', '.25'], [' ?[¾]', '.75'],
        ['^[=\\x22]+|[\\x22*]+$', ''], ['([0-9]) +([.,][0-9])', '\\1\\2'],
        ['([0-9])[€£$]([0-9]{2})$', '\\1.\\2'], ['(^|[^\\p{L}])[ilo]([0-9])', '\\1?\\2'],
        ['([0-9])([.,:] ?-+|/-)', '\\1'],
        ['([^a-z]|^)(m|km|cm|mm|ft|co)[2²3³]', '\\1 | '], ['[(\\[][^0-9)\\]]*[)\\]]', ' | '],
    ] -%}
    {%- set bare_rules = [
        ["\\p{L}+[.]?|\\p{Sc}|[%‰#~≈<>''’´]", '|'],
        ['^[| :]*([(-]*)[| ]*', '\\1'],
        ['[| +]*([)-]?)[| ]*[.,]?$', '\\1'],
    ] -%}
    {%- set sign_rules = [
        ['^[(]([^()]*)[)]$', '-\\1'],
        ['^([^-]*[^- ]) ?-$', '-\\1'],
        ['^[+]|^(-) +', '\\1'],
    ] -%}
    {%- set commas = '^[1-9][0-9]{0,2}((,[0-9]{3})+|( [0-9]{3})+)([.][0-9]+)?$' -%}
    {%- set decimal_comma = '^([0-9]{1,3}([. ][0-9]{3})*|[0-9]*),[0-9]+$' -%}
    {%- set by_pattern = {
        'point': ['^' ~ plain, core],
        'commas': [commas, 'translate(' ~ core ~ ", ', ', '')"],
        'decimal_comma': [decimal_comma, "replace(translate(" ~ core ~ ", '. ', ''), ',', '.')"],
        'points': ['^[1-9][0-9]{0,2}([.][0-9]{3})+$', 'replace(' ~ core ~ ", '.', '')"],
        'indian': ['^[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}([.][0-9]+)?$', "replace(" ~ core ~ ", ',', '')"],
    } -%}
    {%- set order = ['points', 'point', 'decimal_comma', 'commas', 'indian'] if field.decimal == ','
        else ['point', 'commas', 'decimal_comma', 'points', 'indian'] -%}
    {%- set rules = [] -%}
    {%- if field.decimal is none -%}
        {#- money has no three decimals -#}
        {%- do rules.append(
            'when ' ~ f ~ '__is_amount and ' ~ dbt_dedup.matches_pattern(core, by_pattern.points[0]) ~ '\n    then ' ~ by_pattern.points[1]
        ) -%}
    {%- endif -%}
    {%- for name in order -%}
        {%- set pattern, digits = by_pattern[name] -%}
        {%- do rules.append('when ' ~ dbt_dedup.matches_pattern(core, pattern) ~ '\n    then ' ~ digits) -%}
    {%- endfor -%}

    {%- set factors = [] -%}
    {%- for factor, words in [
        ('1e3', 'k tsd tsnd thsd thousand thousands tausend mille mila milhar duizend keur teur'),
        ('1e6', 'mio mn mln mill million millions millionen millones milhao milhoes milione milioni miljoen meur'),
        ('1e9', 'bn bln mrd mld milliard milliards milliarden miliardo miliardi miljard billion billions'),
        ('1e5', 'lakh lakhs lac lacs'),
        ('1e7', 'crore crores'),
        ('12', 'dozen doz dz dutzend dtzd douzaine douzaines docena docenas dozzina dozzine duzia duzias dozijn'),
    ] -%}
        {%- do factors.append('when ' ~ factor_word ~ ' in (' ~ dbt_dedup._quoted_lines(words) ~ ') then ' ~ factor) -%}
    {%- endfor -%}
    {#- `mil` is a million in English, a thousand in Spanish; a single letter multiplies next to a currency or right behind the digits: 12 m are metres -#}
    {%- set is_amount = dbt_dedup.matches_pattern(tidy, '\\p{Sc}|usd|eur|gbp|chf|pln|sek|nok|dkk|czk|brl|inr|\\b(rs|kr|zl)\\b') -%}
    {%- do factors.extend([
        'when ' ~ factor_word ~ " = 'm' and (" ~ f ~ '__is_amount or ' ~ dbt_dedup.matches_pattern(tidy, '[0-9]m([^a-z]|$)') ~ ') then 1e6',
        'when ' ~ factor_word ~ " = 'b' and " ~ f ~ '__is_amount then 1e9',
        "when " ~ factor_word ~ " = 'mil' then null",
    ]) -%}

    {#- two and a half, not the two numbers 1/2 -#}
    {%- set mixed = '^([0-9]+) ([1-9])/(2|3|4|5|6|8|16)$' -%}
    {%- set parts = [] -%}
    {%- for group in [1, 2, 3] -%}{%- do parts.append('cast(' ~ dbt_dedup.extract_pattern(core, mixed, group) ~ ' as double)') -%}{%- endfor -%}
    {%- set number = 'coalesce(\n    ' ~ dbt_dedup.parse_number(f ~ '__digits') ~ ',\n    ' ~ parts[0] ~ '\n    + ' ~ parts[1] ~ '\n    / ' ~ parts[2] ~ '\n)' -%}
    {%- set is_plain = f ~ '__is_plain' -%}
    {{- return([
        {'folded': dbt_dedup.fold_text(f ~ '__original')},
        {'is_plain': dbt_dedup.matches_pattern(folded, '^[+-]?' ~ plain)},
        {'tidy': dbt_dedup.case_lines(
            ['when not ' ~ dbt_dedup.matches_pattern(folded, '[^0-9a-z.,$€£ ]|[0-9] ?[a-z]+[23]| [.,][0-9]|[0-9][$€£][0-9]|(?:^| )[ilo][0-9]') ~ ' then ' ~ folded],
            dbt_dedup.replace_patterns(folded, tidy_rules)
        )},
        {'stripped': dbt_dedup.case_lines(['when ' ~ is_plain ~ ' then ' ~ tidy], dbt_dedup.replace_patterns(tidy, bare_rules))},
        {
            'bare': dbt_dedup.case_lines(
                ['when ' ~ is_plain ~ ' or not ' ~ dbt_dedup.matches_pattern(f ~ '__stripped', '[()+-]') ~ ' then trim(' ~ f ~ '__stripped)'],
                'trim(' ~ dbt_dedup.replace_patterns(f ~ '__stripped', sign_rules) ~ ')'
            ),
            'factor_word': dbt_dedup.case_lines([
                'when not ' ~ is_plain ~ '\n    then coalesce(' ~ dbt_dedup.extract_pattern(tidy, '[0-9] ?(\\p{L}+)', 1)
                    ~ ', ' ~ dbt_dedup.extract_pattern(tidy, '^[kmt]eur') ~ ')',
            ]),
            'is_amount': dbt_dedup.case_lines(['when not ' ~ is_plain ~ '\n    then ' ~ is_amount]),
        },
        {
            'core': dbt_dedup.case_lines(["when left(" ~ bare ~ ", 1) in ('-', '+') then substr(" ~ bare ~ ', 2)'], bare),
            'factor': dbt_dedup.case_lines(['when ' ~ factor_word ~ ' is null then 1'] + factors, '1'),
        },
        {'digits': dbt_dedup.case_lines(rules)},
        {'absolute': number},
        {'number': dbt_dedup.case_lines(['when left(' ~ bare ~ ", 1) = '-' then -" ~ f ~ '__absolute'], f ~ '__absolute')},
    ]) -}}
{% endmacro %}
