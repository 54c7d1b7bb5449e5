{# The place of a part in a text, from 1; 0 where it is not there. dbt's own macro, on one line. #}
{% macro place_of(part, text) %}
    {{- return(dbt.position(part, text).split() | join(' ') | replace('( ', '(') | replace(' )', ')')) -}}
{% endmacro %}
