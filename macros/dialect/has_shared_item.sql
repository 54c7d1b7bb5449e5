{# Whether two lists have an item in common. #}
{% macro has_shared_item(l, r) %}
    {{- return(adapter.dispatch('has_shared_item', 'dbt_dedup')(l, r)) -}}
{% endmacro %}

{% macro duckdb__has_shared_item(l, r) %}
    {{- return("list_has_any(" ~ l ~ ", " ~ r ~ ")") -}}
{% endmacro %}

{% macro default__has_shared_item(l, r) %}
    {{- dbt_dedup.unsupported('has_shared_item') -}}
{% endmacro %}
