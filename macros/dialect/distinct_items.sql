{# The distinct items of a list in order; nulls are left out. #}
{% macro distinct_items(items) %}
    {{- return(adapter.dispatch('distinct_items', 'dbt_dedup')(items)) -}}
{% endmacro %}

{% macro duckdb__distinct_items(items) %}
    {{- return("list_sort(list_distinct(" ~ items ~ "), 'ASC', 'NULLS LAST')") -}}
{% endmacro %}

{% macro default__distinct_items(items) %}
    {{- dbt_dedup.unsupported('distinct_items') -}}
{% endmacro %}
