{# Identifiers (tax, passport, account numbers): letters and digits only. Key: the last four characters. #}
{% macro prepare_identifier(field) %}
    {%- set f = field.name -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(dbt_dedup.fold_text(f ~ '__original'), '[^\\p{L}\\p{N}]+', ''),
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [
            {'name': 'no_letters_or_digits', 'when': f ~ ' is null'},
            {'name': 'repeated_digit', 'when': "length(" ~ f ~ ") > 3 and length(replace(" ~ f ~ ", left(" ~ f ~ ", 1), '')) = 0"},
        ],
        'derived': {'last4': dbt_dedup.last_characters(f, 4)},
    }) -}}
{% endmacro %}
