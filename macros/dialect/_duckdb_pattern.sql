{# A regular expression as a text in SQL; a long one is broken into lines before alternatives. #}
{% macro _duckdb_pattern(pattern) %}
    {%- if pattern | length <= 100 and "'\n" not in pattern -%}{{- return("'" ~ pattern ~ "'") -}}{%- endif -%}
    {%- set lines = [] -%}
    {%- for written in pattern.split("'\n        || '") -%}
        {#- as many alternatives as have room in a line, or one that is longer -#}
        {%- do lines.extend(modules.re.findall('(?s).{1,100}(?=[|]|$)|.+?(?=[|]|$)', written) or ['']) -%}
    {%- endfor -%}
    {{- return("'" ~ lines | join("'\n        || '") ~ "'") -}}
{% endmacro %}
