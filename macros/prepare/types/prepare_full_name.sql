{# Full names in any order: `Family, Given` is turned round; words in alphabetical order, initials and sounds as keys. #}
{% macro prepare_full_name(field) %}
    {%- set f = field.name -%}
    {#- the comma of `John Smith, Jr.` turns nothing round -#}
    {%- set plain = dbt_dedup.replace_pattern(f ~ '__original', '(?i), *(jr|junior|sr|senior|ii|iii|iv)[.]?$', ' \\1') -%}
    {%- set turned = dbt_dedup.replace_pattern(plain, '^([^,]+),(.+)$', '\\2 \\1') -%}
    {{- return({
        'clean': dbt_dedup.person_words(turned),
        'value': dbt_dedup.without_title(dbt_dedup.replace_pattern(f ~ '__clean', ' (jr|junior|sr|senior|ii|iii|iv)$', '')),
        'problems': [{'name': 'no_letters', 'when': dbt_dedup.has_no_letters(f ~ '__clean')}],
        'lookups': ['nicknames'],
        'derived': {
            'first': dbt_dedup.extract_pattern(f, '^[^ ]+'),
            'last': dbt_dedup.extract_pattern(f, '[^ ]+$'),
            'last_soundex': dbt_dedup.soundex(dbt_dedup.extract_pattern(f, '[^ ]+$')),
            'sorted': dbt_dedup.sorted_words(f),
            'initials': dbt_dedup.first_letters(dbt_dedup.sorted_words(f)),
        },
        'derived_from_clean': {
            'generation': "replace(replace(" ~ dbt_dedup.extract_pattern(f ~ '__clean', ' (jr|junior|sr|senior|ii|iii|iv)$', 1)
                ~ ", 'junior', 'jr'), 'senior', 'sr')",
        },
        'lists': {'canonical': dbt_dedup.formal_names(dbt_dedup.extract_pattern(f, '^[^ ]+'))},
        'tokens': dbt_dedup.split_words(f),
    }) -}}
{% endmacro %}
