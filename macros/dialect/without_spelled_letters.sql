{#
    A text that was folded with spelled_letters (see fold_text) without the marks of those letters too: `müller` becomes `muller`.
    `text` is a column: it is written several times.
#}
{% macro without_spelled_letters(text) %}
    {{- return(adapter.dispatch('without_spelled_letters', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__without_spelled_letters(text) %}
    {{- return("case
    when strlen(" ~ text ~ ") = length(" ~ text ~ ") then " ~ text ~ "
    else translate(" ~ text ~ ", 'äöüåøđ', 'aouaod')
end") -}}
{% endmacro %}

{% macro default__without_spelled_letters(text) %}
    {{- dbt_dedup.unsupported('without_spelled_letters') -}}
{% endmacro %}
