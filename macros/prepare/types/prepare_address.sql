{#
    Street addresses: words in their usual abbreviation (reference list dedup_street_words). Keys: the house number, the
    street without numbers; words are weighed by rarity.
#}
{% macro prepare_address(field) %}
    {%- set f = field.name -%}
    {%- set street = 'trim(' ~ dbt_dedup.replace_pattern(dbt_dedup.replace_pattern(
        dbt_dedup.replace_pattern(f, '(^| )(apt|ste|unit|fl|rm) [^ ]+', ' '), '(^| )[^ ]*[0-9][^ ]*', ' '), ' +', ' '
    ) ~ ')' -%}
    {{- return({
        'clean': dbt_dedup.plain_words(f ~ '__original'),
        'value': dbt_dedup.replace_words(f ~ '__clean', 'street_words.entries'),
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'lookups': ['street_words'],
        'derived': {
            'number': dbt_dedup.extract_pattern(f, '(^| )([0-9]+[a-z]?)( |$)', 2),
            'street': 'nullif(' ~ street ~ ", '')",
        },
        'tokens': dbt_dedup.split_words(f),
    }) -}}
{% endmacro %}
