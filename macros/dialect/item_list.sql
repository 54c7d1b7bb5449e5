{# An aggregate: the values of a column as one list, in order. #}
{% macro item_list(column) %}
    {{- return(adapter.dispatch('item_list', 'dbt_dedup')(column)) -}}
{% endmacro %}

{% macro duckdb__item_list(column) %}
    {{- return("list(" ~ column ~ " order by " ~ column ~ ")") -}}
{% endmacro %}

{% macro default__item_list(column) %}
    {{- dbt_dedup.unsupported('item_list') -}}
{% endmacro %}
