{# An aggregate: the values of a column as one list, largest first. #}
{% macro item_list_descending(column) %}
    {{- return(adapter.dispatch('item_list_descending', 'dbt_dedup')(column)) -}}
{% endmacro %}

{% macro duckdb__item_list_descending(column) %}
    {{- return("list(" ~ column ~ " order by " ~ column ~ " desc)") -}}
{% endmacro %}

{% macro default__item_list_descending(column) %}
    {{- dbt_dedup.unsupported('item_list_descending') -}}
{% endmacro %}
