{# A date from text in one of several layouts (strptime codes, first match wins), null where none fits. #}
{% macro parse_date(text, layouts) %}
    {{- return(adapter.dispatch('parse_date', 'dbt_dedup')(text, layouts)) -}}
{% endmacro %}

{% macro duckdb__parse_date(text, layouts) %}
    {{- return("cast(try_strptime(" ~ text ~ ", ['" ~ layouts | join("', '") ~ "']) as date)") -}}
{% endmacro %}

{% macro default__parse_date(text, layouts) %}
    {{- dbt_dedup.unsupported('parse_date') -}}
{% endmacro %}
