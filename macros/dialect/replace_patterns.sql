{# Several regular expressions (RE2 syntax) replaced one after the other, each everywhere: [[pattern, replacement], ...]. #}
{% macro replace_patterns(text, replacements) %}
    {{- return(adapter.dispatch('replace_patterns', 'dbt_dedup')(text, replacements)) -}}
{% endmacro %}

{% macro duckdb__replace_patterns(text, replacements) %}
    {%- set lines = [] -%}
    {%- for pattern, replacement in replacements -%}
        {%- do lines.append(dbt_dedup._duckdb_pattern(pattern) ~ ", '" ~ replacement ~ "', 'g')") -%}
    {%- endfor -%}
    {%- set opened = [] -%}
    {%- for line in lines | batch(8) -%}{%- do opened.append('regexp_replace(' * (line | length)) -%}{%- endfor -%}
    {{- return(opened | join('\n') ~ '\n    ' ~ text ~ ',\n    ' ~ lines | join(',\n    ')) -}}
{% endmacro %}

{% macro default__replace_patterns(text, replacements) %}
    {{- dbt_dedup.unsupported('replace_patterns') -}}
{% endmacro %}
