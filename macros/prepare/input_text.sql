{# The text of a field in the input: its column, or several columns that are filled joined by a space. #}
{% macro input_text(field) %}
    {%- set columns = [field.column] if field.column is string else field.column -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append('cast(' ~ adapter.quote(column) ~ ' as ' ~ dbt_dedup.text_type() ~ ')') -%}
    {%- endfor -%}
    {{- return(texts[0] if texts | length == 1 else "concat_ws(\n    ' ',\n    " ~ texts | join(',\n    ') ~ "\n)") -}}
{% endmacro %}
