{# SQL of a name without the single letter behind it. #}
{% macro _without_initial(name) %}
    {{- return("case when " ~ name ~ " like '_% _' then left(" ~ name ~ ", length(" ~ name ~ ") - 2) else " ~ name ~ " end") -}}
{% endmacro %}
