{# A map of texts as SQL, from a mapping; wrapped into lines. #}
{% macro _duckdb_map(entries) %}
    {%- set sides = [] -%}
    {%- for side in [entries.keys(), entries.values()] -%}
        {%- set lines = [] -%}
        {%- for line in side | batch(12) -%}{%- do lines.append("'" ~ line | join("', '") ~ "'") -%}{%- endfor -%}
        {%- do sides.append('[\n        ' ~ lines | join(',\n        ') ~ '\n    ]') -%}
    {%- endfor -%}
    {{- return('map(\n    ' ~ sides | join(',\n    ') ~ '\n)') -}}
{% endmacro %}
