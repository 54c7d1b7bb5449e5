{# An aggregate: the value in the row whose order, a number or a row of numbers, is the smallest. Rows without an order do not count. #}
{% macro value_at_first(value, order) %}
    {{- return(adapter.dispatch('value_at_first', 'dbt_dedup')(value, order)) -}}
{% endmacro %}

{% macro duckdb__value_at_first(value, order) %}
    {{- return('arg_min(' ~ value ~ ', ' ~ order ~ ')') -}}
{% endmacro %}

{% macro default__value_at_first(value, order) %}
    {{- dbt_dedup.unsupported('value_at_first') -}}
{% endmacro %}
