{#
    Whether a text lost letters to a wrong encoding: the replacement character, or signs of one that readable_text cannot repair.
#}
{% macro _is_damaged(text) %}
    {{- return(
        'length(' ~ text ~ ') < ' ~ dbt_dedup.byte_length(text) ~ '\n    and '
        ~ dbt_dedup.matches_pattern(text, '\\x{FFFD}|Ã[?]|\\p{L}[√├]|ã[¡-ª¬-º¼-¾]')
    ) -}}
{% endmacro %}
