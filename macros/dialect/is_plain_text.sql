{# Whether a text is ASCII without the sign that begins an HTML entity, as most are. #}
{% macro is_plain_text(text) %}
    {{- return(dbt_dedup.byte_length(text) ~ ' = length(' ~ text ~ ') and ' ~ text ~ " not like '%&%'") -}}
{% endmacro %}
