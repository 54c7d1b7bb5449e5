{# The number of items of a list. #}
{% macro item_count(items) %}
    {{- return(adapter.dispatch('item_count', 'dbt_dedup')(items)) -}}
{% endmacro %}

{% macro duckdb__item_count(items) %}
    {{- return("len(" ~ items ~ ")") -}}
{% endmacro %}

{% macro default__item_count(items) %}
    {{- dbt_dedup.unsupported('item_count') -}}
{% endmacro %}
