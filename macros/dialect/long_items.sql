{# The items of a list of texts that have at least so many characters, in the same order; null for null. #}
{% macro long_items(items, shortest) %}
    {{- return(adapter.dispatch('long_items', 'dbt_dedup')(items, shortest)) -}}
{% endmacro %}

{% macro duckdb__long_items(items, shortest) %}
    {{- return("list_filter(" ~ items ~ ", lambda item: length(item) >= " ~ shortest ~ ")") -}}
{% endmacro %}

{% macro default__long_items(items, shortest) %}
    {{- dbt_dedup.unsupported('long_items') -}}
{% endmacro %}
