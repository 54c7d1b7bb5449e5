{#
    Street addresses: words in their usual abbreviation (reference list dedup_street_words). Keys: the house number, the
    street without numbers and units; words are weighted by rarity.
#}
{% macro prepare_address(field) %}
    {%- set f = field.name -%}
    {{- return({
        'lookups': {'street_words': {'seed': 'dedup_street_words', 'key': 'word', 'entry': 'canonical'}},
        'steps': dbt_dedup.plain_word_steps(f, f ~ '__original'),
        'value': dbt_dedup.replace_words(f ~ '__clean', 'street_words.entries'),
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'derived': {
            'number': dbt_dedup.extract_pattern(f, '(^| )([0-9]+[a-z]?)( |$)', 2),
            'street': 'trim(' ~ dbt_dedup.replace_patterns(f, [
                ['(^| )(apt|ste|unit|fl|rm) [^ ]+', ' '], ['(^| )[^ ]*[0-9][^ ]*', ' '], [' +', ' ']
            ]) ~ ')',
        },
        'tokens': dbt_dedup.split_words(f),
        'group': 'address',
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped() ~ "\nor {0} like {1} || ' %'\nor {1} like {0} || ' %'",
        'lesser': "{1} like {0} || ' %'\nand "
            ~ dbt_dedup.matches_pattern('substr({1}, length({0}) + 1)', '^ (apt|ste|unit|fl|rm|[0-9]+[a-z]|[0-9][0-9]+)\\b'),
        'known_by': 'words',
        'shown': dbt_dedup.shown_as_written(f),
        'described': {
            'number': 'House number: the first word of digits with at most one letter after them.',
            'street': 'The street without units and without words that hold a digit.',
        },
    }) -}}
{% endmacro %}
