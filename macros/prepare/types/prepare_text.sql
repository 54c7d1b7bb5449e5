{# Free text and titles: words, weighted by rarity; words with digits (model numbers) and character n-grams as lists. #}
{% macro prepare_text(field) %}
    {%- set f = field.name -%}
    {%- set longest = dbt_dedup.method_constants().compared_characters -%}
    {{- return({
        'steps': dbt_dedup.plain_word_steps(f, f ~ '__original'),
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'derived': {
            'beginning': 'left(' ~ f ~ ', ' ~ longest ~ ')',
            'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
            'prefix': 'left(' ~ f ~ ', 10)',
        },
        'lists': {
            'numbers': dbt_dedup.words_with_digits(f),
            'ngrams': dbt_dedup.character_ngrams(f, 3, longest),
        },
        'tokens': dbt_dedup.split_words(f),
        'survivorship': 'longest',
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
        'described': {
            'beginning': 'First ' ~ longest ~ ' characters.',
            'first': 'First word.',
            'prefix': 'First ten characters.',
            'numbers': 'Distinct words that hold a digit.',
            'ngrams': 'Distinct character trigrams of the first ' ~ longest ~ ' characters.',
        },
    }) -}}
{% endmacro %}
