{#
    Patterns for a folded full name (see replace_patterns) that write it in order without commas: given names, family name,
    generation. Degrees behind the name are marked with a sign that no name holds, then left out where two words stand before
    them: the comma of `Okafor, MD` may also stand before initials. Some need a comma, some the second one, because they are
    names too (`Ma`, `Do`).
#}
{% macro _name_order_rules() %}
    {%- set generation = '(' ~ dbt_dedup._generations() ~ ')[.]?' -%}
    {%- set degrees = [
        'ph[.]? ?d|d[.]?d[.]?s|dmd|dvm|cpa|esq|esquire|m[.]?b[.]?a|msc|bsc|ll[.]?[bmd]', 'edd|psyd|pharmd|mph|obe|mbe|cbe|frc[sp]'
    ] -%}
    {%- set rules = [] -%}
    {%- for degree in degrees -%}
        {%- do rules.append(['[, ]+(' ~ degree ~ ')\\b', ',#\\1']) -%}
    {%- endfor -%}
    {{- return(rules + [
        [', *(m[.]? ?d|r[.]? ?n)\\b', ',#\\1'],
        ['(,[^,]+), *(ma|ms|ba|bs|do|j[.]?d|pa|np|pe|od)\\b', '\\1,#\\2'],
        ['^([^ ,]+[ ,]+[^ ,#].*?)[., ]*(,#[a-z]+([. ]{1,2}[a-z])*[. ]*)+$', '\\1'],
        [',#', ', '],
        ['^([^,]+),(.*[^ ,])[ ,]+' ~ generation ~ '$', '\\2 \\1 \\3'],
        [', *' ~ generation ~ '$', ' \\1'],
        ['^([^,]+), *' ~ generation ~ ' *,(.+)$', '\\3 \\1 \\2'],
        ['^([^,]+),(.+)$', '\\2 \\1'],
    ]) -}}
{% endmacro %}
