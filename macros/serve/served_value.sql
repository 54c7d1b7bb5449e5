{#
    What a golden record shows of a field of one record: addresses, names and texts as they were written, without remarks in
    brackets, signs and doubled spaces; the standardized value where its form is the better one.
#}
{% macro served_value(field, record) %}
    {%- set original = record ~ '.' ~ field.name ~ '__original' -%}
    {%- set value = record ~ '.' ~ field.name -%}
    {%- if field.type in ['given_name', 'family_name', 'full_name', 'city'] -%}
        {%- set shown = dbt_dedup.replace_pattern(dbt_dedup.replace_pattern(original, '[(\\[][^)\\]]*([)\\]]|$)|[*#?]+[0-9]*', ''), '\\s+', ' ') -%}
        {{- return("case when " ~ value ~ " is not null then coalesce(nullif(trim(" ~ shown ~ "), ''), " ~ value ~ ") end") -}}
    {%- elif field.type in ['address', 'company', 'category', 'text', 'identifier'] -%}
        {{- return("case when " ~ value ~ " is not null then " ~ dbt_dedup.replace_pattern(original, '\\s+', ' ') ~ " end") -}}
    {%- elif field.type == 'postcode' -%}
        {{- return("case when " ~ value ~ " is not null then upper(" ~ original ~ ") end") -}}
    {%- else -%}
        {{- return(value) -}}
    {%- endif -%}
{% endmacro %}
