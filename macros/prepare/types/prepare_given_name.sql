{#
    Given names: words without titles (reference list dedup_titles); the formal names behind a nickname (reference list
    dedup_nicknames); sound, initial and first word as keys.
#}
{% macro prepare_given_name(field) %}
    {%- set f = field.name -%}
    {%- set first_word = "split_part({0}, ' ', 1)" -%}
    {%- set shorter = [dbt_dedup._initial_of(), dbt_dedup._beginning_of()] | join('\nor ') -%}
    {%- set rules = dbt_dedup._digits_in_name_rules() + dbt_dedup._name_remark_rules() + dbt_dedup._title_rules() + dbt_dedup._people_rules() -%}
    {{- return({
        'lookups': {
            'nicknames': {'seed': 'dedup_nicknames', 'key': 'nickname', 'entry': 'name', 'many': true},
            'given_names': {'seed': 'dedup_given_names', 'key': 'name', 'entry': 'name'},
            'titles': {'seed': 'dedup_titles', 'key': 'title', 'entry': 'place'},
        },
        'steps': dbt_dedup.person_word_steps(
            f, f ~ '__original', rules, dbt_dedup._signs_in_names(), true
        ) + [
            {'without_titles': dbt_dedup.without_titles(f ~ '__clean', 'titles.entries')},
            {'name': dbt_dedup.joined_initials(f ~ '__without_titles')},
        ],
        'value': dbt_dedup.without_spelled_letters(f ~ '__name'),
        'problems': [
            {'name': 'no_letters', 'when': dbt_dedup.has_no_letters(f ~ '__clean')},
            dbt_dedup._damaged_name(f),
            {'name': 'two_people', 'when': [
                dbt_dedup.matches_pattern(f, '[^ ] (and|und|et|y) [^ ]'),
                dbt_dedup.matches_pattern(f ~ '__original', '^\\p{Lu}\\p{Ll}+ (?:' ~ dbt_dedup._small_words_between_people() ~ ') \\p{Lu}\\p{Ll}'),
            ] | join('\nor ')},
        ],
        'parts': {'spelled_out': dbt_dedup.spelled_out(f ~ '__name')},
        'derived': [
            {
                'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
                'soundex': dbt_dedup.soundex(f),
                'initial': 'left(' ~ f ~ ', 1)',
                'prefix': 'left(' ~ f ~ ', 3)',
                'known': dbt_dedup.lookup('given_names.entries', "split_part(" ~ f ~ ", ' ', 1)"),
            },
            {'known_soundex': dbt_dedup.soundex(f ~ '__known')},
        ],
        'lists': {'canonical': dbt_dedup.formal_names(f ~ '__first', 'nicknames.entries')},
        'variant': [
            dbt_dedup._mistyped(first_word, first_word | replace('{0}', '{1}')), dbt_dedup._words_within(),
            shorter, dbt_dedup._of_pair(shorter, '{1}', '{0}'), '{short}', '{long}',
        ] | join('\nor '),
        'lesser': shorter ~ '\nor ({short} and not {long})',
        'short_forms': {'seed': 'dedup_nicknames', 'short': 'nickname', 'long': 'name', 'of': first_word},
        'doubtful': 'length(' ~ f ~ ') = 1',
        'known_by': 'value',
        'known_as': first_word,
        'shown': dbt_dedup._shown_name(f),
        'described': {
            'spelled_out': 'The words as one, letters such as umlauts spelled out: `van der Müllen` and `Vandermuellen` agree.',
            'first': 'First word.',
            'known': 'First word, if it is a given name of the reference list dedup_given_names; else null.',
            'known_soundex': 'American Soundex code of `known`.',
            'soundex': 'American Soundex code of the whole value.',
            'initial': 'First letter.',
            'prefix': 'First three characters.',
            'canonical': 'The formal names that the first word may stand for, itself among them.',
        },
    }) -}}
{% endmacro %}
