{# Categories (gender, industry, occupation): words. #}
{% macro prepare_category(field) %}
    {%- set f = field.name -%}
    {{- return({
        'steps': dbt_dedup.plain_word_steps(f, f ~ '__original'),
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
    }) -}}
{% endmacro %}
