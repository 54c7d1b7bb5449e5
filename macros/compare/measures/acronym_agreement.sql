{# 1 where one name written as one word is the initials of the other's words (IBM, International Business Machines). #}
{% macro acronym_agreement(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {{- return(
        "case when " ~ l ~ " = " ~ r ~ " then 1.0 when " ~ l ~ "__joined = " ~ r ~ "__acronym or " ~ r ~ "__joined = " ~ l
        ~ "__acronym then 1.0 when " ~ l ~ " <> " ~ r ~ " then 0.0 end"
    ) -}}
{% endmacro %}
