{#
    Organisation names without their legal form (reference list dedup_legal_forms), which is a key of its own, as is the name
    under which the firm trades or its initials in brackets. Remarks, branches, proprietors and `the` in front are left out,
    abbreviations written in full (reference list dedup_company_words). Keys also: the initials of the words, the name written as
    one word, its beginning, and a looser reading; words are weighted by rarity.
#}
{% macro prepare_company(field) %}
    {%- set f = field.name -%}
    {%- set rules, joining = dbt_dedup._company_rules(), dbt_dedup._joining_word_rules() -%}
    {%- set full = f ~ '__full' -%}
    {%- set joining_words = '(^| )(and|of|the|for|de|und|et) ' -%}
    {%- set steps = [
        {'folded': dbt_dedup.fold_text(f ~ '__original')},
    ] + dbt_dedup._pattern_steps(
        f, 'marked', f ~ '__folded', dbt_dedup.matches_pattern(f ~ '__folded', rules.where), rules.rules
    ) + [
        {'spelled': "replace(case
    when " ~ f ~ "__marked like '%.%' then " ~ dbt_dedup.replace_pattern(f ~ '__marked', '\\b(\\p{L})[.]', '\\1') ~ "
    else " ~ f ~ "__marked
end, '&', ' and ')"},
        {'joined_by_and': dbt_dedup.case_lines([
            'when ' ~ dbt_dedup.matches_pattern(f ~ '__spelled', joining.where)
                ~ '\n    then ' ~ dbt_dedup.replace_patterns(f ~ '__spelled', joining.rules)
        ], f ~ '__spelled')},
        {'words': dbt_dedup.case_lines([
            'when ' ~ dbt_dedup.matches_pattern(f ~ '__joined_by_and', '[^\\p{L}\\p{M}\\p{N} ]|^ | ( |$)|[\\x{02B9}-\\x{02CC}\\x{A78C}]')
                ~ '\n    then ' ~ dbt_dedup.plain_words(f ~ '__joined_by_and')
        ], f ~ '__joined_by_and')},
        {'initials_joined': dbt_dedup.case_lines([
            'when ' ~ dbt_dedup.matches_pattern(f ~ '__words', '(^| )\\p{L} \\p{L}( |$)')
                ~ '\n    then ' ~ dbt_dedup.joined_initials(f ~ '__words')
        ], f ~ '__words')},
        {'replaced': dbt_dedup.replace_words(f ~ '__initials_joined', 'company_words.entries')},
        {'full': 'case when ' ~ f ~ "__replaced like 'the %' then substr(" ~ f ~ '__replaced, 5) else ' ~ f ~ '__replaced end'},
        {
            'name': dbt_dedup.case_lines(
                ['when ' ~ full ~ " like '% tradingas %' then " ~ dbt_dedup.extract_pattern(full, '^(.*?) tradingas ', 1)], full
            ),
            'trade': dbt_dedup.extract_pattern(full, ' tradingas (.*?)(?: tradingas |$)', 1),
        },
    ] -%}
    {%- set trade_steps = dbt_dedup._legal_form_steps(f, 'trade', f ~ '__trade') -%}
    {%- for step in dbt_dedup._legal_form_steps(f, 'name', f ~ '__original') -%}
        {%- do steps.append(dict(step, **trade_steps[loop.index0])) -%}
    {%- endfor -%}
    {%- set alone, short, spoken = f ~ '__name_alone', f ~ '__name_short', f ~ '__name_spoken' -%}
    {%- do steps.extend([
        {'name_short': dbt_dedup.case_lines([
            'when ' ~ f ~ "__original like '%(%'\n    then " ~ dbt_dedup.extract_pattern(alone, ' ([^ ]{3,})$', 1)
        ])},
        {'name_spoken': 'left(' ~ alone ~ ', length(' ~ alone ~ ') - length(' ~ short ~ ') - 1)'},
        {'name_is_repeated': short ~ ' in (' ~ dbt_dedup.first_letters(spoken) ~ ', '
            ~ dbt_dedup.first_letters(dbt_dedup.replace_pattern(spoken, joining_words, ' ')) ~ ')'},
    ]) -%}
    {{- return({
        'lookups': {
            'company_words': {'seed': 'dedup_company_words', 'key': 'word', 'entry': 'canonical'},
            'legal_forms': {'seed': 'dedup_legal_forms', 'key': 'form', 'entry': 'canonical'},
            'legal_form_endings': {
                'seed': 'dedup_legal_forms', 'entry': 'form', 'order': 'length(form) desc, form', 'many': true,
                'key': "case when place <> 'front' then " ~ dbt_dedup.extract_pattern('form', '[^ ]+$') ~ ' end',
            },
            'legal_form_beginnings': {
                'seed': 'dedup_legal_forms', 'order': 'length(form) desc, form', 'many': true,
                'entry': "case when place = 'capitals' then upper(form) else form end",
                'key': "case when place <> 'end' then " ~ dbt_dedup.extract_pattern('form', '^[^ ]+') ~ ' end',
            },
        },
        'steps': steps,
        'value': "nullif(" ~ dbt_dedup.case_lines(['when ' ~ f ~ '__name_is_repeated then ' ~ spoken], alone) ~ ", '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'parts': {
            'legal_form': dbt_dedup.lookup('legal_forms.entries', 'coalesce(' ~ f ~ '__name_end_1, lower(' ~ f ~ '__name_front))'),
            'trade_name': dbt_dedup.case_lines(['when ' ~ f ~ '__name_is_repeated then ' ~ short], f ~ '__trade_alone'),
        },
        'derived': [
            {
                'acronym': dbt_dedup.first_letters(dbt_dedup.replace_pattern(f, joining_words, ' ')),
                'joined': "replace(" ~ f ~ ", ' ', '')",
                'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
            },
            {
                'soundex': dbt_dedup.soundex(f ~ '__first'),
                'prefix': 'left(' ~ f ~ '__joined, 5)',
                'loose': dbt_dedup._loose_company_name(f),
            },
        ],
        'record_lists': {'names': [f, f ~ '__trade_name']},
        'lists': {'ngrams': dbt_dedup.character_ngrams(f ~ '__joined', 3, dbt_dedup.method_constants().compared_characters)},
        'tokens': dbt_dedup.split_words(f),
        'variant': [
            dbt_dedup._mistyped(), dbt_dedup._words_within(),
            dbt_dedup.sorted_words('{0}') ~ '\n= ' ~ dbt_dedup.sorted_words('{1}'),
        ] | join('\nor '),
        'lesser': "length({0}) > 1 and replace({0}, ' ', '') = " ~ dbt_dedup.first_letters('{1}'),
        'known_by': 'words',
        'shown': dbt_dedup._shown_company(f),
        'in_whole_text': true,
        'described': {
            'legal_form': 'Legal form behind or in front of the name, in its usual short spelling.',
            'trade_name': 'Name under which the company trades or was known before (`t/a`, `formerly`), standardized as the name is; '
                ~ 'initials in brackets behind the name.',
            'acronym': 'Initials of the words, without joining words such as `and` and `of`.',
            'joined': 'The words without spaces.',
            'first': 'First word.',
            'soundex': 'American Soundex code of the first word.',
            'prefix': 'First five characters of the words without spaces.',
            'loose': 'The words as one, read loosely: no article in front, no `and`, numbers as digits, ae, oe and ue as a, o and u.',
            'ngrams': 'Distinct character trigrams of the words without spaces.',
            'names': 'The name and the name under which the company trades.',
        },
    }) -}}
{% endmacro %}
