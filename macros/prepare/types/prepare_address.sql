{#
    Street addresses: words in their usual abbreviation (reference list dedup_street_words), the ending of a street's name in one
    spelling, post boxes as the word `pobox`, a unit before the house number behind the street. Keys: the house number, the unit,
    the post box, the street; words are weighted by rarity.
#}
{% macro prepare_address(field) %}
    {%- set f = field.name -%}
    {%- set numbered = dbt_dedup._long_pattern(['apt|unit|ste|rm|lot|spc|trlr', '|shop|bldg|bl|bus|top']) -%}
    {%- set units = numbered ~ '|pobox|fl' -%}
    {%- set id = '(?:[0-9]+[a-z]?|[a-z][0-9]*)' -%}
    {%- set number = '[0-9]+(?:[a-z]|bis|ter|quater)?' -%}
    {%- set in_front = '^((?:(?:' ~ units ~ ') ' ~ id ~ ' )+)(.*[0-9].*)$' -%}
    {%- set units_gone = ['(?:^| )(?:' ~ units ~ ') ' ~ id ~ '\\b', ''] -%}
    {%- set building = dbt_dedup.replace_pattern(f, units_gone[0], '') -%}
    {{- return({
        'lookups': {'street_words': {'seed': 'dedup_street_words', 'key': 'word', 'entry': 'canonical'}},
        'steps': [{'folded': dbt_dedup.fold_text(f ~ '__original')}]
            + dbt_dedup._pattern_steps(
                f, 'marked', f ~ '__folded', dbt_dedup._has_address_signs(f ~ '__folded'), dbt_dedup._address_sign_rules()
            )
            + [{'clean': dbt_dedup.plain_words(f ~ '__marked')}]
            + dbt_dedup._pattern_steps(
                f, 'spelled', f ~ '__clean', dbt_dedup._has_address_words(f ~ '__clean'), dbt_dedup._address_word_rules()
            )
            + [{'short': dbt_dedup.replace_words(f ~ '__spelled', 'street_words.entries')}],
        'value': "nullif(trim(replace(" ~ dbt_dedup.replace_pattern(f ~ '__short', in_front, '\\2 \\1') ~ ", '~', '')), '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'derived': [
            {
                'number': 'coalesce(\n    ' ~ [
                    dbt_dedup.extract_pattern(f, '^(' ~ number ~ ')(?: |$)', 1),
                    dbt_dedup.extract_pattern('\n        ' ~ building, dbt_dedup._long_pattern([' (' ~ number, ')(?: ' ~ number ~ ')*$']), 1),
                    dbt_dedup.extract_pattern('\n        ' ~ building, ' (' ~ number ~ ') ', 1),
                ] | join(',\n    ') ~ '\n)',
                'unit': dbt_dedup.extract_pattern(f, '(?:^| )(?:' ~ numbered ~ ') (' ~ id ~ ')(?: |$)', 1),
                'post_box': dbt_dedup.extract_pattern(f, '(?:^| )pobox ([0-9]+[a-z]?)', 1),
                'street': 'trim(' ~ dbt_dedup.replace_patterns(f, [
                    units_gone, ['(?:^| )(?:' ~ number ~ '|sn)(?: (?:' ~ number ~ '|sn))*( |$)', '\\1']
                ]) ~ ')',
            },
            {'joined': dbt_dedup._letters_of_umlauts("replace(" ~ f ~ "__street, ' ', '')")},
        ],
        'tokens': dbt_dedup.split_words(f),
        'group': 'address',
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped() ~ "\nor {0} like {1} || ' %'\nor {1} like {0} || ' %'",
        'lesser': "{1} like {0} || ' %'\nand "
            ~ dbt_dedup.matches_pattern('substr({1}, length({0}) + 1)', '^ (apt|ste|unit|fl|rm|[0-9]+[a-z]|[0-9][0-9]+)\\b'),
        'known_by': 'words',
        'shown': dbt_dedup.shown_as_written(f),
        'described': {
            'number': 'House number, with the letter behind it; the first of a range.',
            'unit': 'Flat, suite or room: the number or letter behind its word.',
            'post_box': 'Number of the post box; null where the address is none.',
            'street': 'The street without units and house numbers.',
            'joined': 'The street as one word, with umlauts that are spelled out as single letters.',
        },
    }) -}}
{% endmacro %}
