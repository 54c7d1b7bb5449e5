{#
    A text without the whitespace around it: blanks, tabs, line ends and the no-break space. `text` is a column: it is written
    several times.
#}
{% macro trim_whitespace(text) %}
    {{- return(adapter.dispatch('trim_whitespace', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__trim_whitespace(text) %}
    {#- trim reads every letter; most texts begin and end with a visible ASCII character, which is quicker to tell -#}
    {{- return("case
    when
        ascii(" ~ text ~ ") between 33 and 125
        and ascii(" ~ text ~ "[-1]) between 33 and 125
        then " ~ text ~ "
    else trim(" ~ text ~ ", e' \\t\\n\\r\u00a0')
end") -}}
{% endmacro %}

{% macro default__trim_whitespace(text) %}
    {{- dbt_dedup.unsupported('trim_whitespace') -}}
{% endmacro %}
