{# The words of a name: as plain_words, without what stands in brackets (remarks such as "(old)") and without digits. #}
{% macro person_words(text) %}
    {{- return(dbt_dedup.plain_words(dbt_dedup.replace_pattern(text, '[(\\[][^)\\]]*[)\\]]|[0-9]+', ' '))) -}}
{% endmacro %}
