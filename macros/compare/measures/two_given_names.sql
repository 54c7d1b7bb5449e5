{#
    True where the given names are two names that people have (reference list dedup_given_names) and neither can be a form of the
    other: no nickname, no word of the other name, and no other spelling, which sounds the same and differs in a letter or two
    (Sara, Sarah). However alike they are then (Marla, Carla), they are no typing error. False or null where that is not known.
#}
{% macro two_given_names(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {%- set l_name, r_name = l ~ '__known', r ~ '__known' -%}
    {%- set spelled_alike = dbt_dedup.edit_similarity(l_name, r_name) -%}
    {{- return('(\n    ' ~ [
        l_name ~ ' <> ' ~ r_name,
        "' ' || " ~ l ~ " || ' ' not like '% ' || " ~ r_name ~ " || ' %'",
        "' ' || " ~ r ~ " || ' ' not like '% ' || " ~ l_name ~ " || ' %'",
        'not ' ~ dbt_dedup.item_in_common(field ~ '__canonical') | indent(4),
        '(\n        ' ~ l ~ '__known_soundex <> ' ~ r ~ '__known_soundex\n        or ' ~ spelled_alike | indent(8) ~ ' < 0.75\n    )',
    ] | join('\n    and ') ~ '\n)') -}}
{% endmacro %}
