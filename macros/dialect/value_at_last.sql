{# An aggregate: the value in the row whose number is the largest. #}
{% macro value_at_last(value, number) %}
    {{- return(adapter.dispatch('value_at_last', 'dbt_dedup')(value, number)) -}}
{% endmacro %}

{% macro duckdb__value_at_last(value, number) %}
    {{- return('arg_max(' ~ value ~ ', ' ~ number ~ ')') -}}
{% endmacro %}

{% macro default__value_at_last(value, number) %}
    {{- dbt_dedup.unsupported('value_at_last') -}}
{% endmacro %}
