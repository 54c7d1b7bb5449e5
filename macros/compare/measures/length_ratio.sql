{# The length of the shorter text divided by that of the longer. #}
{% macro length_ratio(field) %}
    {%- set l, r = 'length(l.' ~ field ~ ')', 'length(r.' ~ field ~ ')' -%}
    {{- return(
        "case when " ~ l ~ " = " ~ r ~ " then 1.0 when " ~ l ~ " <> " ~ r ~ " then cast(least(" ~ l ~ ", " ~ r
        ~ ") as double) / greatest(" ~ l ~ ", " ~ r ~ ") end"
    ) -}}
{% endmacro %}
