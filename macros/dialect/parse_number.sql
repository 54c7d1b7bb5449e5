{# A number, null where the text is none. #}
{% macro parse_number(text) %}
    {{- return(adapter.dispatch('parse_number', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__parse_number(text) %}
    {{- return("try_cast(" ~ text ~ " as double)") -}}
{% endmacro %}

{% macro default__parse_number(text) %}
    {{- dbt_dedup.unsupported('parse_number') -}}
{% endmacro %}
