{# One row for each item of a list. #}
{% macro explode(items) %}
    {{- return(adapter.dispatch('explode', 'dbt_dedup')(items)) -}}
{% endmacro %}

{% macro duckdb__explode(items) %}
    {{- return("unnest(" ~ items ~ ")") -}}
{% endmacro %}

{% macro default__explode(items) %}
    {{- dbt_dedup.unsupported('explode') -}}
{% endmacro %}
