{# A finite number, null where the text is none; never minus zero. #}
{% macro parse_number(text) %}
    {{- return(adapter.dispatch('parse_number', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__parse_number(text) %}
    {{- return("case when isfinite(try_cast(" ~ text ~ " as double)) then try_cast(" ~ text ~ " as double) + 0.0 end") -}}
{% endmacro %}

{% macro default__parse_number(text) %}
    {{- dbt_dedup.unsupported('parse_number') -}}
{% endmacro %}
