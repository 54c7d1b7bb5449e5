{# Cities and other places: words; sound and prefix as keys. #}
{% macro prepare_city(field) %}
    {%- set f = field.name -%}
    {{- return({
        'steps': dbt_dedup.person_word_steps(f, f ~ '__original'),
        'value': dbt_dedup.replace_pattern(f ~ '__clean', '^(saint|st) ', 'st '),
        'problems': [{'name': 'no_letters', 'when': dbt_dedup.has_no_letters(f ~ '__clean')}],
        'derived': {'soundex': dbt_dedup.soundex(f), 'prefix': 'left(' ~ f ~ ', 4)'},
        'group': 'address',
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped() ~ '\nor ' ~ dbt_dedup._words_within(),
        'lesser': "{0} like {1} || ' __'",
        'known_by': 'value',
        'shown': dbt_dedup.shown_without_remarks(f),
        'described': {
            'soundex': 'American Soundex code of the whole value.',
            'prefix': 'First four characters.',
        },
    }) -}}
{% endmacro %}
