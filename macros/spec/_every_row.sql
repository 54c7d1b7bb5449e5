{# A comment in the SQL of a model with `incremental: true`: it gives every row, not only those that are new or differ. #}
{% macro _every_row() %}
    {{- return('-- every row') -}}
{% endmacro %}
