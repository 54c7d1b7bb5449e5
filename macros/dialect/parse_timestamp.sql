{# A timestamp, null where the text is none in ISO 8601. #}
{% macro parse_timestamp(text) %}
    {{- return(adapter.dispatch('parse_timestamp', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__parse_timestamp(text) %}
    {{- return("try_cast(" ~ text ~ " as timestamp)") -}}
{% endmacro %}

{% macro default__parse_timestamp(text) %}
    {{- dbt_dedup.unsupported('parse_timestamp') -}}
{% endmacro %}
