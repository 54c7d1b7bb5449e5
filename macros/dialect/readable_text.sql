{#
    The text that was meant: HTML entities as the signs they stand for, UTF-8 that was read as Windows-1252 repaired (twice, if
    need be) where no other reading makes sense, invisible characters left out, wide forms as usual letters. `text` is a column:
    it is written several times.
#}
{% macro readable_text(text) %}
    {{- return(adapter.dispatch('readable_text', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__readable_text(text) %}
    {%- set repaired = dbt_dedup._duckdb_repaired_encoding('text') -%}
    {%- set meant = "list_transform(
    list_transform(
        [" ~ (dbt_dedup._duckdb_without_entities(text) | indent(8)) ~ "],
        lambda text: " ~ (repaired | indent(8)) ~ "
    ),
    lambda text: " ~ (repaired | indent(4)) ~ "
)[1]" -%}
    {{- return("case
    when " ~ dbt_dedup.is_plain_text(text) ~ " then " ~ text ~ "
    else trim(" ~ (dbt_dedup._duckdb_usual_letters(meant) | indent(4)) ~ ", e' \\t\\n\\r\u00a0')
end") -}}
{% endmacro %}

{% macro default__readable_text(text) %}
    {{- dbt_dedup.unsupported('readable_text') -}}
{% endmacro %}
