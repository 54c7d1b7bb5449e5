{#
    1 where the generation (jr, sr, iii) of two names is equal, 0 where it differs, one half where only one side has any (a
    father is rarely written as senior), null where neither has.
#}
{% macro generation_agreement(field) %}
    {%- set l, r = 'l.' ~ field ~ '__generation', 'r.' ~ field ~ '__generation' -%}
    {{- return(
        "case when " ~ l ~ " = " ~ r ~ " then 1.0 when " ~ l ~ " <> " ~ r ~ " then 0.0 when coalesce(" ~ l ~ ", " ~ r
        ~ ") is not null and l." ~ field ~ " is not null and r." ~ field ~ " is not null then 0.5 end"
    ) -}}
{% endmacro %}
