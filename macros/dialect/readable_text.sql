{#
    The text that was meant: HTML entities as the signs they stand for, UTF-8 that was read as Windows-1252 repaired (twice, if
    need be) where no other reading makes sense, invisible characters left out, wide forms as usual letters. `text` is a column:
    it is written several times.
#}
{% macro readable_text(text) %}
    {{- return(adapter.dispatch('readable_text', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__readable_text(text) %}
    {#- most texts are ASCII, as many bytes as characters, and have no entity -#}
    {{- return("case
    when strlen(" ~ text ~ ") = length(" ~ text ~ ") and not contains(" ~ text ~ ", '&') then " ~ text ~ "
    else trim(list_transform(
        list_transform(
            list_transform([" ~ text ~ "], lambda text: " ~ (dbt_dedup._duckdb_without_entities('text') | indent(12)) ~ "),
            lambda text: " ~ (dbt_dedup._duckdb_repaired_encoding('text') | indent(12)) ~ "
        ),
        lambda text: " ~ (dbt_dedup._duckdb_usual_letters('text') | indent(8)) ~ "
    )[1], e' \\t\\n\\r\u00a0')
end") -}}
{% endmacro %}

{% macro default__readable_text(text) %}
    {{- dbt_dedup.unsupported('readable_text') -}}
{% endmacro %}
