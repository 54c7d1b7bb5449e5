{#
    Free text and titles: words, weighted by rarity; signs that tell things apart are words (`c++`, `c#`, `15+`); numerals (model
    numbers, Roman numerals, sizes) and character n-grams as lists.
#}
{% macro prepare_text(field) %}
    {%- set f = field.name -%}
    {%- set tags = '</?(?:[abipu]|br|hr|em|strong|span|div|li|ul|ol|font|sup|sub|h[1-6]|t[dhr]|table|tbody|small|img)(?:\\s[^<>]*)?/?>' -%}
    {%- set longest = dbt_dedup.method_constants().compared_characters -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'untagged': dbt_dedup.case_lines(
                ['when ' ~ f ~ "__folded like '%<%>%'\n    then " ~ dbt_dedup.replace_pattern(f ~ '__folded', tags, ' ')], f ~ '__folded'
            )},
            {'spelled': dbt_dedup.case_lines(
                ['when ' ~ dbt_dedup.matches_pattern(f ~ '__untagged', '[+#]') ~ '\n    then ' ~ dbt_dedup.replace_patterns(f ~ '__untagged', [
                    ['([\\p{L}\\p{N}])[+]{2}($|[^\\p{L}\\p{N}+])', '\\1 plus plus \\2'],
                    ['([\\p{L}\\p{N}])[+]($|[^\\p{L}\\p{N}+])', '\\1 plus \\2'],
                    ['(^|[^\\p{L}\\p{N}])([a-z])#', '\\1\\2 sharp '],
                ])],
                f ~ '__untagged'
            )},
            {'clean': dbt_dedup.plain_words(f ~ '__spelled')},
        ],
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'derived': {
            'beginning': 'left(' ~ f ~ ', ' ~ longest ~ ')',
            'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
            'prefix': 'left(' ~ f ~ ', 10)',
        },
        'lists': {
            'numbers': dbt_dedup.numerals(f),
            'ngrams': dbt_dedup.character_ngrams(f, 3, longest),
        },
        'may_be_damaged': true,
        'tokens': dbt_dedup.split_words(f),
        'survivorship': 'longest',
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
        'described': {
            'beginning': 'First ' ~ longest ~ ' characters.',
            'first': 'First word.',
            'prefix': 'First ten characters.',
            'numbers': 'Distinct words that hold a digit, Roman numerals in digits, a number with its unit (`1 liter` is `1l`).',
            'ngrams': 'Distinct character trigrams of the first ' ~ longest ~ ' characters.',
        },
    }) -}}
{% endmacro %}
