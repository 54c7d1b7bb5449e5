{#
    Full names in any order: `Family, Given` and `FAMILY Given` are reversed, titles before a name (reference list dedup_titles) and degrees
    behind it are left out; words in alphabetical order, initials and sounds as keys; the formal names behind a nickname
    (reference list dedup_nicknames).
#}
{% macro prepare_full_name(field) %}
    {%- set f = field.name -%}
    {%- set generation = ' (' ~ dbt_dedup._generations() ~ ')$' -%}
    {%- set rules = dbt_dedup._digits_in_name_rules() + dbt_dedup._name_remark_rules() + dbt_dedup._title_rules() + [
        ['^([^/,]+)/([^/,]+) (?:mr|mrs|ms|miss|mstr|dr)[.]?$', '\\2 \\1'],
        ['(^|[ ,])(?:saint|sankt|sint)[ -]+(\\p{L})', '\\1st \\2'],
        ['(^|[ ,])sainte[ -]+(\\p{L})', '\\1ste \\2'],
        ['^([^/,]+ [^/,]+?) */ *([^/, ]+ [^/,]+)$', '\\1 and \\2']]
        + dbt_dedup._people_rules() + dbt_dedup._generation_rules()
        + dbt_dedup._name_order_rules() -%}
    {#- `DURAND Marie`: family names are written in capitals where they come first -#}
    {%- set capitals = "\\p{Lu}[\\p{Lu}\\p{M}''’-]" -%}
    {%- set no_family_name = '^(PROF|HERR|FRAU|MLLE|MISS|LADY|LORD|CAPT|DIPL|SRTA|SIGN|ATTN|ATTEN|THE |ESTATE|FAMIL|EHEL|MSGR)' -%}
    {%- set family_first = '^((?:' ~ capitals ~ '{3,}|' ~ capitals ~ '+ ' ~ capitals ~ '+)(?: ' ~ capitals ~ '+)*) +(\\p{Lu}\\p{Ll}[^,]*)$' -%}
    {#- `Piet en Els de Vries`: a joining word that is a letter or a name elsewhere is written small, and follows the first name -#}
    {%- set couple = '^\\p{Lu}\\p{Ll}+ (?:y|' ~ dbt_dedup._small_words_between_people() ~ ') \\p{Lu}\\p{Ll}+ \\p{L}' -%}
    {%- set families = '^' ~ dbt_dedup._family_words() ~ ' |^the .* family$' -%}
    {%- set first_word = "split_part({0}, ' ', 1)" -%}
    {%- set last_word = dbt_dedup.extract_pattern('{0}', '[^ ]+$') -%}
    {%- set same_words = dbt_dedup.sorted_words('{0}') ~ '\n= ' ~ dbt_dedup.sorted_words('{1}') -%}
    {%- set same_last_word = last_word ~ '\n= ' ~ (last_word | replace('{0}', '{1}')) -%}
    {%- set initial = dbt_dedup._of_pair(dbt_dedup._initial_of(), first_word, first_word | replace('{0}', '{1}')) -%}
    {{- return({
        'lookups': {
            'nicknames': {'seed': 'dedup_nicknames', 'key': 'nickname', 'entry': 'name', 'many': true},
            'given_names': {'seed': 'dedup_given_names', 'key': 'name', 'entry': 'name'},
            'titles': {'seed': 'dedup_titles', 'key': 'title', 'entry': 'place'},
        },
        'steps': [
            {'in_order': dbt_dedup.case_lines([
                'when ' ~ dbt_dedup.matches_pattern(f ~ '__original', family_first)
                    ~ '\n    and not ' ~ dbt_dedup.matches_pattern(f ~ '__original', no_family_name)
                    ~ '\n    then ' ~ dbt_dedup.replace_pattern(f ~ '__original', family_first, '\\1, \\2')
            ], f ~ '__original')},
        ] + dbt_dedup.person_word_steps(f, f ~ '__in_order', rules, dbt_dedup._signs_in_names(), true) + [
            {
                'without_generation': dbt_dedup.replace_pattern(f ~ '__clean', generation, ''),
                'last_word': dbt_dedup.extract_pattern(f ~ '__clean', generation, 1),
            },
            {'without_titles': dbt_dedup.without_titles(f ~ '__without_generation', 'titles.entries')},
            {'name': dbt_dedup.joined_initials(f ~ '__without_titles')},
        ],
        'value': dbt_dedup.without_spelled_letters(f ~ '__name'),
        'problems': [
            {'name': 'no_letters', 'when': dbt_dedup.has_no_letters(f ~ '__clean')},
            dbt_dedup._damaged_name(f),
            {'name': 'two_people', 'when': [
                dbt_dedup.matches_pattern(f, '[^ ] (and|und|et) [^ ]'),
                dbt_dedup.matches_pattern(f ~ '__original', couple),
                dbt_dedup.matches_pattern(f ~ '__folded', families),
            ] | join('\nor ')},
        ],
        'parts': {
            'spelled_out': dbt_dedup.spelled_out(f ~ '__name'),
            'generation': dbt_dedup._short_generation(f ~ '__last_word'),
        },
        'derived': [
            {
                'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
                'last': dbt_dedup.extract_pattern(f, '[^ ]+$'),
                'sorted': dbt_dedup.sorted_words(f),
                'known': dbt_dedup.lookup('given_names.entries', "split_part(" ~ f ~ ", ' ', 1)"),
            },
            {
                'last_soundex': dbt_dedup.soundex(f ~ '__last'),
                'known_soundex': dbt_dedup.soundex(f ~ '__known'),
                'initials': dbt_dedup.first_letters(f ~ '__sorted'),
            },
        ],
        'lists': {'canonical': dbt_dedup.formal_names(f ~ '__first', 'nicknames.entries')},
        'tokens': dbt_dedup.split_words(f),
        'variant': [
            dbt_dedup._mistyped(), same_words,
            '(' ~ same_last_word ~ '\nand (' ~ initial ~ '\nor ' ~ dbt_dedup._of_pair(initial, '{1}', '{0}') ~ '\nor {short}\nor {long}))',
        ] | join('\nor '),
        'lesser': same_last_word ~ '\nand (' ~ initial ~ '\nor ({short} and not {long}))',
        'short_forms': {'seed': 'dedup_nicknames', 'short': 'nickname', 'long': 'name', 'of': first_word},
        'doubtful': dbt_dedup.matches_pattern(f ~ '__original', '^\\p{L}[. ]|^\\p{Lu}{2,} +\\p{Lu}\\p{Ll}'),
        'known_by': 'words',
        'spelling': ['not ' ~ dbt_dedup.matches_pattern(f ~ '__original', ',|\\p{Lu}\\p{Lu}')],
        'shown': dbt_dedup._shown_in_order(f),
        'described': {
            'spelled_out': 'The words as one, letters such as umlauts spelled out: `van der Müllen` and `Vandermuellen` agree.',
            'generation': 'Generation at the end of the name: jr, sr, ii, iii, iv or v.',
            'first': 'First word.',
            'known': 'First word, if it is a given name of the reference list dedup_given_names; else null.',
            'known_soundex': 'American Soundex code of `known`.',
            'last': 'Last word.',
            'sorted': 'The words in alphabetical order.',
            'last_soundex': 'American Soundex code of the last word.',
            'initials': 'Initials of the words in alphabetical order.',
            'canonical': 'The formal names that the first word may stand for, itself among them.',
        },
    }) -}}
{% endmacro %}
