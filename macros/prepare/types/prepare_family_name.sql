{# Family names: words without title and generation (jr, iii), which is a key of its own beside sound and prefix. #}
{% macro prepare_family_name(field) %}
    {%- set f = field.name -%}
    {%- set generation = ' (jr|junior|sr|senior|ii|iii|iv)$' -%}
    {{- return({
        'clean': dbt_dedup.person_words(f ~ '__original'),
        'value': dbt_dedup.without_title(dbt_dedup.replace_pattern(f ~ '__clean', generation, '')),
        'problems': [{'name': 'no_letters', 'when': dbt_dedup.has_no_letters(f ~ '__clean')}],
        'derived': {
            'soundex': dbt_dedup.soundex(f),
            'prefix': 'left(' ~ f ~ ', 4)',
            'initial': 'left(' ~ f ~ ', 1)',
        },
        'derived_from_clean': {
            'generation': "replace(replace(" ~ dbt_dedup.extract_pattern(f ~ '__clean', generation, 1)
                ~ ", 'junior', 'jr'), 'senior', 'sr')",
        },
    }) -}}
{% endmacro %}
