{# A regular expression that matches any of some alternatives; where it is written as SQL, it is broken into lines. #}
{% macro _any_of(alternatives) %}
    {{- return('(?:' ~ alternatives | join('|') ~ ')') -}}
{% endmacro %}
