{# SQL of whether the value {0} is the beginning of the word {1}: three letters or more, with two or more to follow. #}
{% macro _beginning_of() %}
    {{- return("(length({0}) >= 3 and {1} like {0} || '__%' and {1} not like {0} || '% %')") -}}
{% endmacro %}
