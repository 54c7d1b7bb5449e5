{# The number of bytes of a text. #}
{% macro byte_length(text) %}
    {{- return(adapter.dispatch('byte_length', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__byte_length(text) %}
    {{- return("strlen(" ~ text ~ ")") -}}
{% endmacro %}

{% macro default__byte_length(text) %}
    {{- dbt_dedup.unsupported('byte_length') -}}
{% endmacro %}
