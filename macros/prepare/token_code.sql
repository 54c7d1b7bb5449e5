{#
    One integer for a word of a field: its weight in thousandths of a bit in the high 15 bits, a number of the word itself in
    the low 48. Lists of such integers intersect as cheaply as numbers, sort by rarity and carry their weights. It depends on
    the word and on how many records have it, on nothing else.
#}
{% macro token_code(word, millibits) %}
    {{- return(millibits ~ ' * 281474976710656 + ' ~ dbt_dedup.word_number(word)) -}}
{% endmacro %}
