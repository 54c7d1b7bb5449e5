{# SQL of whether the value {0} is the initial of {1}. #}
{% macro _initial_of() %}
    {{- return("(length({0}) = 1\nand length({1}) > 1\nand left({1}, 1) = {0})") -}}
{% endmacro %}
