{#
    Patterns for a folded name (see replace_patterns) that write its generation as one of the words of _generations: ordinals
    (`3rd`, `the third`), short forms that are names without their full stop (`jun.`, `sen.`), a generation in brackets.
#}
{% macro _generation_rules() %}
    {{- return([
        ['( the)? 2nd\\b|, *2nd\\b| the second$', ' ii'],
        ['( the)? 3rd\\b|, *3rd\\b| the third$', ' iii'],
        ['( the)? 4th\\b|, *4th\\b| the fourth$', ' iv'],
        ['( the)? 5th\\b|, *5th\\b| the fifth$', ' vth'],
        ['[ ,]+jun[.] *(,|$)', ' jr\\1'],
        ['([^ ,])[ ,]+sen[.] *(,|$)', '\\1 sr\\2'],
        ['[(\\[] *(' ~ dbt_dedup._generations() ~ ')[.]? *[)\\]]', ' \\1 '],
    ]) -}}
{% endmacro %}
