{#
    The text of a field in the input: its column, or several columns that are filled joined by a space. A date does not depend on
    the time zone of the session.
#}
{% macro _input_text(field) %}
    {%- set columns = [field.column] if field.column is string else field.column -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- set quoted = adapter.quote(column) -%}
        {%- do texts.append(
            dbt_dedup.text_of_time(quoted) if field.type == 'date' else 'cast(' ~ quoted ~ ' as ' ~ dbt_dedup.text_type() ~ ')'
        ) -%}
    {%- endfor -%}
    {{- return(texts[0] if texts | length == 1 else "concat_ws(\n    ' ',\n    " ~ texts | join(',\n    ') ~ "\n)") -}}
{% endmacro %}
