{#
    The words of a text that is folded already (see fold_text): without apostrophes (also those that Unicode counts as letters,
    primes and accents in their place) and punctuation, one space between two. Most texts are clean already, which one look tells.
    `folded` is a column: it is written several times.
#}
{% macro plain_words(folded) %}
    {%- set apostrophes = "[''`´\\x{2018}-\\x{201B}\\x{02B9}\\x{02BB}-\\x{02BF}\\x{02C8}\\x{2032}\\x{2035}\\x{05F3}\\x{A78C}]+" -%}
    {%- set cleaned = dbt_dedup.replace_patterns(folded, [[apostrophes, ''], ['[^\\p{L}\\p{M}\\p{N}]+', ' ']]) -%}
    {{- return(
        "case\n    when " ~ dbt_dedup.matches_pattern(folded, '[^a-z0-9 ]|  |^ | $') ~ "\n        then trim(" ~ cleaned ~ ")"
        ~ "\n    else " ~ folded ~ "\nend"
    ) -}}
{% endmacro %}
