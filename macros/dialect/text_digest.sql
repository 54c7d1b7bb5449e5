{# The MD5 digest of a text as 32 hexadecimal digits. #}
{% macro text_digest(text) %}
    {{- return(dbt.hash(text) | replace('TEXT', dbt_dedup.text_type())) -}}
{% endmacro %}
