{# The distinct items two lists have in common. #}
{% macro shared_items(l, r) %}
    {{- return(adapter.dispatch('shared_items', 'dbt_dedup')(l, r)) -}}
{% endmacro %}

{% macro duckdb__shared_items(l, r) %}
    {{- return("list_intersect(" ~ l ~ ", " ~ r ~ ")") -}}
{% endmacro %}

{% macro default__shared_items(l, r) %}
    {{- dbt_dedup.unsupported('shared_items') -}}
{% endmacro %}
