{#
    The pattern of whitespace that is not one blank, to be replaced by one. A pattern that matches every blank would mean the same,
    but replacing each blank by itself takes the engine five times as long.
#}
{% macro _doubled_spaces() %}
    {{- return('\\s{2,}|[^\\S ]') -}}
{% endmacro %}
