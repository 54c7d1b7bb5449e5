{#
    Organisation names without their legal form (reference list dedup_legal_forms), which is a key of its own. Keys also:
    the initials of the words, the name written as one word, its beginning; words are weighed by rarity.
#}
{% macro prepare_company(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set name_words = dbt_dedup.words_before(clean, 'legal_forms.entries') -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(
            dbt_dedup.plain_words("replace(" ~ dbt_dedup.joined_initials(f ~ '__original') ~ ", '&', ' and ')"), '^the ', ''
        ),
        'value': 'coalesce(' ~ name_words ~ ', nullif(' ~ clean ~ ", ''))",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'lookups': ['legal_forms'],
        'derived_from_clean': {
            'legal_form': dbt_dedup.lookup('legal_forms.entries', dbt_dedup.extract_pattern(clean, '[^ ]+$')),
        },
        'derived': {
            'acronym': dbt_dedup.first_letters(dbt_dedup.replace_pattern(f, '(^| )(and|of|the|for|de|und|et) ', ' ')),
            'joined': "replace(" ~ f ~ ", ' ', '')",
            'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
            'soundex': dbt_dedup.soundex(dbt_dedup.extract_pattern(f, '^[^ ]+')),
            'prefix': "left(replace(" ~ f ~ ", ' ', ''), 5)",
        },
        'lists': {'ngrams': dbt_dedup.character_ngrams("replace(" ~ f ~ ", ' ', '')", 3, 100)},
        'tokens': dbt_dedup.split_words(f),
    }) -}}
{% endmacro %}
