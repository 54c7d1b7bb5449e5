{# A regular expression as a text in SQL; a long one is broken into lines before alternatives. #}
{% macro _duckdb_pattern(pattern) %}
    {%- if pattern | length <= 100 and "'\n" not in pattern -%}{{- return("'" ~ pattern ~ "'") -}}{%- endif -%}
    {%- set lines = [] -%}
    {%- for written in pattern.split("'\n        || '") -%}
        {%- set line = {'text': ''} -%}
        {%- for alternative in written.split('|') -%}
            {%- set piece = alternative if loop.first else '|' ~ alternative -%}
            {%- if line.text and (line.text ~ piece) | length > 100 -%}
                {%- do lines.append(line.text) -%}
                {%- do line.update(text='') -%}
            {%- endif -%}
            {%- do line.update(text=line.text ~ piece) -%}
        {%- endfor -%}
        {%- do lines.append(line.text) -%}
    {%- endfor -%}
    {{- return("'" ~ lines | join("'\n        || '") ~ "'") -}}
{% endmacro %}
