{#
    The words of a text that is folded already (see fold_text): without apostrophes and punctuation, one space between two.
#}
{% macro plain_words(folded) %}
    {{- return(
        'trim(' ~ dbt_dedup.replace_patterns(folded, [["[''’‘`´]+", ''], ['[^\\p{L}\\p{M}\\p{N}]+', ' ']]) ~ ')'
    ) -}}
{% endmacro %}
