{#
    How rare the value is that both sides share, in bits (log2 of records / records with it); 0 where they differ. Where `alike`,
    SQL of a condition, holds for values that differ, the commoner one counts.
#}
{% macro rarity_of_agreement(field, alike=none) %}
    {{- return(dbt_dedup.case_lines([
        'when l.' ~ field ~ ' = r.' ~ field ~ ' then l.' ~ field ~ '__rarity',
    ] + ([
        'when ' ~ alike ~ '\n    then least(l.' ~ field ~ '__rarity, r.' ~ field ~ '__rarity)',
    ] if alike else []) + [
        'when l.' ~ field ~ ' <> r.' ~ field ~ ' then 0.0',
    ])) -}}
{% endmacro %}
