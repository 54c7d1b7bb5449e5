{# Whether a text holds no letter of any script. #}
{% macro has_no_letters(text) %}
    {{- return('not ' ~ dbt_dedup.matches_pattern(text, '\\p{L}')) -}}
{% endmacro %}
