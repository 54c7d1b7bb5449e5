{# The words of a text: lower case, without diacritics, apostrophes and punctuation, one space between two. #}
{% macro plain_words(text) %}
    {%- set folded = dbt_dedup.replace_pattern(dbt_dedup.fold_text(text), "[''’‘`´]+", '') -%}
    {{- return('trim(' ~ dbt_dedup.replace_pattern(folded, '[^\\p{L}\\p{N}]+', ' ') ~ ')') -}}
{% endmacro %}
