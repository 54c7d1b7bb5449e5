{# The condition, after others, that source_mode lets the records l and r meet; nothing where it lets all records meet. #}
{% macro _source_allows(spec) -%}
    {%- if spec.source_mode == 'link_only' -%}
and l.source is distinct from r.source
    {%- elif spec.source_mode == 'dedupe_only' -%}
and l.source is not distinct from r.source
    {%- endif -%}
{%- endmacro %}
