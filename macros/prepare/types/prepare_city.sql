{#
    Cities and other places: words with usual short forms written out, without postcodes and numbers of districts. Keys: sound,
    prefix, the city under one of its names in several languages (reference list dedup_city_names).
#}
{% macro prepare_city(field) %}
    {%- set f = field.name -%}
    {%- set with_single_letters = dbt_dedup._letters_of_umlauts(f) -%}
    {%- set first_word = dbt_dedup.extract_pattern(f, '^[^ ]+') -%}
    {%- set in_brackets = '[(\\[] *(?:a[.]? ?d?[.] ?|am |an der |i[.] ?|im |in )?'
        ~ '(?:' ~ dbt_dedup._rivers_and_regions() ~ ')' -%}
    {%- set words = f ~ '__clean' -%}
    {%- set has_short_form = dbt_dedup.matches_pattern(words, dbt_dedup._long_pattern([
        '(?:^| )(?:saint|sankt|sint|sainte) ',
        '|^(?:ft|mte?|pt|sta|sto|n|no|nth|s|so|sth|e|w|landes|hanse|luther|universitats|ville|comune|town|township|borough|cd|gral|cdmx)|^ffm$| d [cf]$|(?:^| )[dl] [aeiouh]',
        '| columbia$| (?:hts|spgs?|spngs|bch|vlg|twp|pk|jct|ctr|hbr|fls|gdns|lk|westf|holst|einstr|rbge|[a-z]|rh|br)$',
        '| (?:am|an der|a d|a|im|in der|in|i d|i|ob der|o d|bei|b|vor der|v d|on|u|s|aan de[nr]?) ',
    ])) -%}
    {{- return({
        'lookups': {'city_names': {'seed': 'dedup_city_names', 'key': 'name', 'entry': 'city'}},
        'steps': dbt_dedup.person_word_steps(f, f ~ '__original', dbt_dedup._city_sign_rules())
            + dbt_dedup._pattern_steps(f, 'spelled', words, has_short_form, dbt_dedup._city_word_rules()),
        'value': "nullif(" ~ f ~ "__spelled, '')",
        'problems': [{'name': 'no_letters', 'when': dbt_dedup.has_no_letters(words)}],
        'derived': [
            {
                'soundex': dbt_dedup.soundex(f),
                'prefix': 'left(' ~ f ~ ', 4)',
                'known_as': 'coalesce(\n    ' ~ [
                    dbt_dedup.lookup('city_names.entries', f),
                    dbt_dedup.lookup('city_names.entries', '\n        ' ~ with_single_letters ~ '\n    '),
                    with_single_letters,
                ] | join(',\n    ') ~ '\n)',
            },
            {'main_city': 'coalesce(\n    ' ~ [
                dbt_dedup.lookup('city_names.entries', f),
                dbt_dedup.lookup('city_names.entries', first_word),
                f ~ '__known_as',
            ] | join(',\n    ') ~ '\n)'},
        ],
        'group': 'address',
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped() ~ '\nor ' ~ dbt_dedup._words_within(),
        'lesser': "{0} like {1} || ' __'",
        'known_by': 'value',
        'shown': dbt_dedup.case_lines(
            ['when ' ~ dbt_dedup.matches_pattern('lower(' ~ f ~ '__original)', in_brackets) ~ '\n    then ' ~ dbt_dedup.shown_as_written(f)],
            dbt_dedup.shown_without_remarks(f)
        ),
        'described': {
            'soundex': 'American Soundex code of the whole value.',
            'prefix': 'First four characters.',
            'known_as': 'The local name of a well-known city (munich: munchen), else the value; umlauts spelled out as single letters.',
            'main_city': 'The well-known city that the value begins with (koln ehrenfeld: koln), else the same as known_as.',
        },
    }) -}}
{% endmacro %}
