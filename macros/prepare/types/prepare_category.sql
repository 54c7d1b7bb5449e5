{# Categories (gender, industry, occupation): words, and the signs that tell categories apart (`65+`, `<18`, `C#`, `A-`) as words. #}
{% macro prepare_category(field) %}
    {%- set f = field.name -%}
    {%- set sign_rules = [
        ['([\\p{L}\\p{N}])[+][+]', '\\1plusplus '],
        ['([\\p{L}\\p{N}])(?:[+]([^\\p{L}\\p{N}])| ?[+]$)', '\\1 plus\\2'],
        ['([\\p{L}])#', '\\1 sharp '],
        ['(?:<=?|≤) ?([0-9])', ' under \\1'],
        ['(?:>=?|≥) ?([0-9])', ' over \\1'],
        ['^(\\p{L}{1,3})[-−–]$', '\\1 minus'],
    ] -%}
    {{- return({
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'signs_spelled': dbt_dedup.case_lines([
                'when ' ~ dbt_dedup.matches_pattern(f ~ '__folded', '[+#<>≤≥]|[-−–]$')
                    ~ '\n    then ' ~ dbt_dedup.replace_patterns(f ~ '__folded', sign_rules)
            ], f ~ '__folded')},
            {'clean': dbt_dedup.plain_words(f ~ '__signs_spelled')},
        ],
        'value': "nullif(" ~ f ~ "__clean, '')",
        'problems': [{'name': 'no_letters_or_digits', 'when': f ~ ' is null'}],
        'shown': dbt_dedup.shown_as_written(f),
        'in_whole_text': true,
    }) -}}
{% endmacro %}
