{#
    Patterns for a folded full name (see replace_patterns) that write it in order without commas: given names, family name,
    generation. Degrees behind the name are marked with a sign that no name holds, then left out where two words stand before
    them: the comma of `Okafor, MD` may also stand before initials. Some need a comma, some the second one, because they are
    names too (`Ma`, `Do`).
#}
{% macro _name_order_rules() %}
    {%- set generation = '(' ~ dbt_dedup._generations() ~ ')[.]?' -%}
    {%- set after_comma = [
        'm[.]? ?d|r[.]? ?n|[qk]c|mep|sj|osb|ofm|msw|cfa|fca|acca|c[.]?eng',
        'dr[.]? ?h[.]? ?c|csc|drsc|ias|ips|s[.] ?(ag|ip|kom|pd|psi|si|sos)|m[.] ?(hum|kes|kom|pd|si)'
    ] | join('|') -%}
    {{- return([
        ['[, ]+(' ~ dbt_dedup._degrees() ~ ')\\b', ',#\\1'],
        ['[, ]+(m[.] ?d|r[.] ?n|j[.] ?d|d[.] ?o)[.]( |,|$)', ',#\\1\\2'],
        [', *(' ~ after_comma ~ ')\\b', ',#\\1'],
        ['(,[^,]+), *([mb][.]? ?[as]|do|j[.]?d|pa|np|pe|od|ca|mp|ret|med|s[.] ?[eht])\\b', '\\1,#\\2'],
        ['^([^ ,]+[ ,]+[^ ,#].*?)[., ]*(,#[a-z]+([. ]{1,2}[a-z]|[.-]{1,2} ?[a-z]+)*[. ]*)+$', '\\1'],
        [',#', ', '],
        ['^([^,]+),(.*[^ ,])[ ,]+' ~ generation ~ '$', '\\2 \\1 \\3'],
        [', *' ~ generation ~ '$', ' \\1'],
        ['^([^,]+), *' ~ generation ~ ' *,(.+)$', '\\3 \\1 \\2'],
        ['^([^,]+),(.+)$', '\\2 \\1'],
    ]) -}}
{% endmacro %}
