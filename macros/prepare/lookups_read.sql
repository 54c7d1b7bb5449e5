{# The names of those `lookups` of a field type that some of the SQL texts read, in order. #}
{% macro lookups_read(lookups, texts) %}
    {%- set read = [] -%}
    {%- for name in lookups if (name ~ '.entries') in (texts | join(' ')) -%}{%- do read.append(name) -%}{%- endfor -%}
    {{- return(read) -}}
{% endmacro %}
