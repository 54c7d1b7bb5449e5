{# Initials with dots written together: "I.B.M. Corp." gives "IBM Corp.". #}
{% macro joined_initials(text) %}
    {{- return(dbt_dedup.replace_pattern(text, '\\b(\\p{L})[.]', '\\1')) -}}
{% endmacro %}
