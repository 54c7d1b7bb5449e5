{#
    A `case` expression with one rule per line. `rules` are texts such as "when a = b then 1.0"; `otherwise` is the SQL after
    `else`, none for no `else`. A caller that places it deeper indents it with the filter `indent`.
#}
{% macro case_lines(rules, otherwise=none) %}
    {%- set lines = ['case'] -%}
    {%- for rule in rules -%}{%- do lines.append('    ' ~ (rule | indent(4))) -%}{%- endfor -%}
    {%- if otherwise is not none -%}{%- do lines.append('    else ' ~ (otherwise | indent(4))) -%}{%- endif -%}
    {{- return((lines + ['end']) | join('\n')) -}}
{% endmacro %}
