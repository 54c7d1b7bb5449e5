{#
    Family names: words without titles (reference list dedup_titles) and generation (jr, iii), which is a key of its own next to
    sound and prefix.
#}
{% macro prepare_family_name(field) %}
    {%- set f = field.name -%}
    {%- set generation = ' (' ~ dbt_dedup._generations() ~ ')$' -%}
    {%- set titles = '(?:(?:dr|prof|dipl|ing|mag|mgr|mr|mrs|ms|herr|frau|h[.]? ?c|med|phil|jur|rer|nat|m[.]? ?d|r[.]? ?n|esq)[. -]*)+' -%}
    {%- set other_names = [
        ['^([^ ,]{4,}) (?:' ~ dbt_dedup._other_name_words(hardly_names=true) ~ ') [^ ]+$', '\\1'],
        ['^([^ ,]{4,}) (?:[af][./]?k[./]?a[.]?) [^ ]+$', '\\1'],
        ['^' ~ dbt_dedup._family_words() ~ ' +(\\p{L})', '\\1'],
    ] -%}
    {%- set rules = dbt_dedup._digits_in_name_rules() + dbt_dedup._name_remark_rules() + dbt_dedup._title_rules() + dbt_dedup._generation_rules() + [
        ['^the +(.+) family$', '\\1'],
        ['(^| )(?:saint|sankt|sint)[ -]+(\\p{L})', '\\1st \\2'], ['(^| )sainte[ -]+(\\p{L})', '\\1ste \\2'],
        ['^([^ ,].*?)[ ,]+(?:' ~ dbt_dedup._degrees() ~ ')[. ]*$', '\\1'],
        ['^([^,]+), *' ~ titles ~ '$', '\\1'],
    ] + other_names -%}
    {{- return({
        'lookups': {'titles': {'seed': 'dedup_titles', 'key': 'title', 'entry': 'place'}},
        'steps': dbt_dedup.person_word_steps(
            f, f ~ '__original', rules, dbt_dedup._signs_in_names(), true
        ) + [
            {
                'without_generation': dbt_dedup.replace_pattern(f ~ '__clean', generation, ''),
                'last_word': dbt_dedup.extract_pattern(f ~ '__clean', generation, 1),
            },
            {'name': dbt_dedup.without_titles(f ~ '__without_generation', 'titles.entries')},
        ],
        'value': dbt_dedup.without_spelled_letters(f ~ '__name'),
        'problems': [
            {'name': 'no_letters', 'when': dbt_dedup.has_no_letters(f ~ '__clean')},
            dbt_dedup._damaged_name(f),
            {'name': 'two_people', 'when': dbt_dedup.matches_pattern(f ~ '__folded', '\\p{L}{3} *(?:[&+]| and | und | et | u[.]) *\\p{L}{3}')},
        ],
        'parts': {
            'spelled_out': dbt_dedup.spelled_out(f ~ '__name'),
            'generation': dbt_dedup._short_generation(f ~ '__last_word'),
        },
        'derived': {
            'soundex': dbt_dedup.soundex(f),
            'prefix': 'left(' ~ f ~ ', 4)',
            'initial': 'left(' ~ f ~ ', 1)',
        },
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped() ~ '\nor ' ~ dbt_dedup._words_within(),
        'lesser': dbt_dedup._initial_of(),
        'has_parts': true,
        'doubtful': 'length(' ~ f ~ ') = 1',
        'known_by': 'value',
        'shown': dbt_dedup._shown_name(f, other_names),
        'described': {
            'spelled_out': 'The words as one, letters such as umlauts spelled out: `van der Müllen` and `Vandermuellen` agree.',
            'generation': 'Generation at the end of the name: jr, sr, ii, iii, iv or v.',
            'soundex': 'American Soundex code of the whole value.',
            'prefix': 'First four characters.',
            'initial': 'First letter.',
        },
    }) -}}
{% endmacro %}
