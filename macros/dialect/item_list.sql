{# An aggregate: the values of a column as one list, in the order of the column or of `order_by`. #}
{% macro item_list(column, order_by=none) %}
    {{- return(adapter.dispatch('item_list', 'dbt_dedup')(column, order_by or column ~ ' asc')) -}}
{% endmacro %}

{% macro duckdb__item_list(column, order_by) %}
    {{- return("list(" ~ column ~ " order by " ~ order_by ~ ")") -}}
{% endmacro %}

{% macro default__item_list(column, order_by) %}
    {{- dbt_dedup.unsupported('item_list') -}}
{% endmacro %}
