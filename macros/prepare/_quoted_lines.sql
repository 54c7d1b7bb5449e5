{# Words as a list of SQL texts, eight on a line. #}
{% macro _quoted_lines(words) %}
    {%- set lines = [] -%}
    {%- for line in words.split(' ') | batch(8) -%}{%- do lines.append("'" ~ line | join("', '") ~ "'") -%}{%- endfor -%}
    {{- return('\n    ' ~ lines | join(',\n    ') ~ '\n') -}}
{% endmacro %}
