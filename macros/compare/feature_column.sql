{# The column of a feature: its SQL as a double, on one line if it is short. #}
{% macro feature_column(feature) %}
    {%- set line = 'cast(' ~ feature.sql ~ ' as double) as ' ~ feature.name -%}
    {%- if '\n' not in line and line | length <= 120 -%}{{- return(line) -}}{%- endif -%}
    {{- return('cast(\n    ' ~ feature.sql | indent(4) ~ '\n    as double\n) as ' ~ feature.name) -}}
{% endmacro %}
