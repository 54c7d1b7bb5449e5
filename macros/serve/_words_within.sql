{# SQL of whether the words of one of the values {0} and {1} of a pair are in the other, in their order. #}
{% macro _words_within() %}
    {{- return(
        "' ' || {1} || ' ' like '% ' || {0} || ' %'\nor ' ' || {0} || ' ' like '% ' || {1} || ' %'"
    ) -}}
{% endmacro %}
