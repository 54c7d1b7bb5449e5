{# Identifiers (tax, passport, account numbers): letters and digits only. Key: the last four characters. #}
{% macro prepare_identifier(field) %}
    {%- set f = field.name -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'clean': dbt_dedup.replace_pattern(f ~ '__folded', '[^\\p{L}\\p{M}\\p{N}]+', '')},
        ],
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [
            {'name': 'no_letters_or_digits', 'when': f ~ ' is null'},
            {'name': 'repeated_digit', 'when': 'length(' ~ f ~ ') > 3 and ' ~ dbt_dedup.repeats_first_character(f)},
        ],
        'derived': {'last4': dbt_dedup.last_characters(f, 4)},
        'variant': dbt_dedup._mistyped() ~ "\nor {0} like {1} || '%'\nor {1} like {0} || '%'",
        'lesser': "{1} like {0} || '_%'",
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
        'sought_in_text': true,
        'described': {
            'last4': 'Last four characters; null for shorter values.',
        },
    }) -}}
{% endmacro %}
