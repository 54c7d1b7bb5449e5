{# The first items of a list. #}
{% macro first_items(items, count) %}
    {{- return(adapter.dispatch('first_items', 'dbt_dedup')(items, count)) -}}
{% endmacro %}

{% macro duckdb__first_items(items, count) %}
    {{- return(items ~ '[1:' ~ count ~ ']') -}}
{% endmacro %}

{% macro default__first_items(items, count) %}
    {{- dbt_dedup.unsupported('first_items') -}}
{% endmacro %}
