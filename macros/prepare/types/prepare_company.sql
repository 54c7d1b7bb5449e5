{#
    Organisation names without their legal form (reference list dedup_legal_forms), which is a key of its own. Keys also:
    the initials of the words, the name written as one word, its beginning; words are weighted by rarity.
#}
{% macro prepare_company(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set joining_words = ['and', 'und', 'et', 'y', 'e'] -%}
    {{- return({
        'lookups': {'legal_forms': {'seed': 'dedup_legal_forms', 'key': 'form', 'entry': 'canonical'}},
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'spelled': "replace(" ~ dbt_dedup.replace_pattern(f ~ '__folded', '\\b(\\p{L})[.]', '\\1') ~ ", '&', ' and ')"},
            {'words': dbt_dedup.plain_words(f ~ '__spelled')},
            {'clean': dbt_dedup.replace_pattern(f ~ '__words', '^the ', '')},
            {
                'word_list': dbt_dedup.split_words(clean),
                'last_word': dbt_dedup.extract_pattern(clean, '[^ ]+$'),
            },
            {'without_form': dbt_dedup.name_words(f ~ '__word_list', 'legal_forms.entries', joining_words)},
        ],
        'value': 'coalesce(' ~ f ~ '__without_form, nullif(' ~ clean ~ ", ''))",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'parts': {'legal_form': dbt_dedup.lookup('legal_forms.entries', f ~ '__last_word')},
        'derived': [
            {
                'acronym': dbt_dedup.first_letters(dbt_dedup.replace_pattern(f, '(^| )(and|of|the|for|de|und|et) ', ' ')),
                'joined': "replace(" ~ f ~ ", ' ', '')",
                'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
            },
            {'soundex': dbt_dedup.soundex(f ~ '__first'), 'prefix': 'left(' ~ f ~ '__joined, 5)'},
        ],
        'lists': {'ngrams': dbt_dedup.character_ngrams(f ~ '__joined', 3, dbt_dedup.method_constants().compared_characters)},
        'tokens': dbt_dedup.split_words(f),
        'variant': [
            dbt_dedup._mistyped(), dbt_dedup._words_within(),
            dbt_dedup.sorted_words('{0}') ~ '\n= ' ~ dbt_dedup.sorted_words('{1}'),
        ] | join('\nor '),
        'lesser': "length({0}) > 1 and replace({0}, ' ', '') = " ~ dbt_dedup.first_letters('{1}'),
        'known_by': 'words',
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
        'described': {
            'legal_form': 'Legal form at the end of the name, in its usual short spelling.',
            'acronym': 'Initials of the words, without joining words such as `and` and `of`.',
            'joined': 'The words without spaces.',
            'first': 'First word.',
            'soundex': 'American Soundex code of the first word.',
            'prefix': 'First five characters of the words without spaces.',
            'ngrams': 'Distinct character trigrams of the words without spaces.',
        },
    }) -}}
{% endmacro %}
