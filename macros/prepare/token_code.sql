{#
    One integer for a word of a field: its rarity, log2(1 + records / records with the word), in thousandths of a bit in the
    high bits and its number in the vocabulary in the low 32. Lists of such integers intersect as cheaply as numbers, sort by
    rarity, and carry the inverse document frequency (Sparck Jones 1972) that weighs them.
#}
{% macro token_code(word, word_records, records) %}
    {{- return(
        "(cast(round(1000 * log2(1 + cast(" ~ records ~ " as double) / " ~ word_records ~ ")) as bigint) * 4294967296"
        ~ " + row_number() over (order by " ~ word ~ "))"
    ) -}}
{% endmacro %}
