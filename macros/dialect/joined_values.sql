{# An aggregate: the distinct values of a text column as one text, in order, with a separator between two. #}
{% macro joined_values(column, separator) %}
    {{- return(adapter.dispatch('joined_values', 'dbt_dedup')(column, separator)) -}}
{% endmacro %}

{% macro duckdb__joined_values(column, separator) %}
    {{- return("array_to_string(list_sort(list(distinct " ~ column ~ "), 'ASC', 'NULLS LAST'), '" ~ separator ~ "')") -}}
{% endmacro %}

{% macro default__joined_values(column, separator) %}
    {{- dbt_dedup.unsupported('joined_values') -}}
{% endmacro %}
