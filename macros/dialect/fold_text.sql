{# Lower case without diacritics; letters of other scripts than Latin stay as they are. `text` is a column: it is written twice. #}
{% macro fold_text(text) %}
    {{- return(adapter.dispatch('fold_text', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__fold_text(text) %}
    {%- set spelled = [
        ('ß', 'ss'), ('ẞ', 'SS'), ('æ', 'ae'), ('Æ', 'AE'), ('œ', 'oe'), ('Œ', 'OE'), ('þ', 'th'), ('Þ', 'Th')
    ] -%}
    {%- set replacements = [] -%}
    {%- for letter, spelling in spelled -%}{%- do replacements.append("'" ~ letter ~ "', '" ~ spelling ~ "')") -%}{%- endfor -%}
    {#- a text with as many bytes as characters is ASCII and has nothing to strip -#}
    {{- return("lower(case
    when strlen(" ~ text ~ ") = length(" ~ text ~ ") then " ~ text ~ "
    else " ~ 'replace(' * (spelled | length) ~ "
        translate(strip_accents(" ~ text ~ "), 'ØøŁłĐđÐðİı', 'OoLlDdDdIi'),
        " ~ replacements | join(', ') ~ "
end)") -}}
{% endmacro %}

{% macro default__fold_text(text) %}
    {{- dbt_dedup.unsupported('fold_text') -}}
{% endmacro %}
