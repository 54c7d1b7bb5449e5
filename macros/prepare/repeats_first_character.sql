{# Whether a text is one character over and over, as in 99999; null for null. #}
{% macro repeats_first_character(text) %}
    {{- return("replace(" ~ text ~ ", left(" ~ text ~ ", 1), '') = ''") -}}
{% endmacro %}
