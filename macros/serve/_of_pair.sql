{# SQL about two values of a field: a text of a type (`variant`, `lesser` in prepare_field) with columns in place of {0} and {1}. #}
{% macro _of_pair(text, l, r) %}
    {{- return(text | replace('{0}', '{left}') | replace('{1}', r) | replace('{left}', l)) -}}
{% endmacro %}
