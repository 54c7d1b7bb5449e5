{# Categories (gender, industry, occupation): words. #}
{% macro prepare_category(field) %}
    {%- set f = field.name -%}
    {{- return({
        'clean': dbt_dedup.plain_words(f ~ '__original'),
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
    }) -}}
{% endmacro %}
