{# Lower case without diacritics; letters of other scripts than Latin stay as they are. #}
{% macro fold_text(text) %}
    {{- return(adapter.dispatch('fold_text', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__fold_text(text) %}
    {#- a text with as many bytes as characters is ASCII and has nothing to strip -#}
    {%- set plain = namespace(text="translate(strip_accents(" ~ text ~ "), 'ØøŁłĐđÐðİı', 'OoLlDdDdIi')") -%}
    {%- for letter, spelled in [('ß', 'ss'), ('ẞ', 'SS'), ('æ', 'ae'), ('Æ', 'AE'), ('œ', 'oe'), ('Œ', 'OE'), ('þ', 'th'), ('Þ', 'Th')] -%}
        {%- set plain.text = "replace(" ~ plain.text ~ ", '" ~ letter ~ "', '" ~ spelled ~ "')" -%}
    {%- endfor -%}
    {{- return("lower(case when strlen(" ~ text ~ ") = length(" ~ text ~ ") then " ~ text ~ " else " ~ plain.text ~ " end)") -}}
{% endmacro %}

{% macro default__fold_text(text) %}
    {{- dbt_dedup.unsupported('fold_text') -}}
{% endmacro %}
