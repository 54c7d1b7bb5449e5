{# SQL of the greatest of some expressions, which are not null. #}
{% macro _greatest(expressions) %}
    {{- return(expressions[0] if expressions | length == 1 else 'greatest(\n    ' ~ expressions | join(',\n    ') ~ '\n)') -}}
{% endmacro %}
