{# A regular expression that matches any of some alternatives, written over several lines (see _long_pattern). #}
{% macro _any_of(alternatives) %}
    {%- set lines, line = [], namespace(text='(?:') -%}
    {%- for alternative in alternatives -%}
        {%- if line.text | length + alternative | length > 100 -%}
            {%- do lines.append(line.text) -%}
            {%- set line.text = '' -%}
        {%- endif -%}
        {%- set line.text = line.text ~ alternative ~ ('|' if not loop.last else ')') -%}
    {%- endfor -%}
    {{- return(dbt_dedup._long_pattern(lines + [line.text])) -}}
{% endmacro %}
