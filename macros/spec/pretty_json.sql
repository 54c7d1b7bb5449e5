{# A value as JSON with one entry per line, so that a long value is readable where it is written. #}
{% macro pretty_json(value) %}
    {%- if not value or value is string or value is number or value is boolean -%}{{- return(tojson(value)) -}}{%- endif -%}
    {%- set entries = [] -%}
    {%- if value is mapping -%}
        {%- for key, entry in value.items() -%}
            {%- do entries.append(tojson(key) ~ ': ' ~ (dbt_dedup.pretty_json(entry) | indent(4))) -%}
        {%- endfor -%}
        {{- return('{\n    ' ~ entries | join(',\n    ') ~ '\n}') -}}
    {%- endif -%}
    {%- for entry in value -%}{%- do entries.append(dbt_dedup.pretty_json(entry) | indent(4)) -%}{%- endfor -%}
    {{- return('[\n    ' ~ entries | join(',\n    ') ~ '\n]') -}}
{% endmacro %}
