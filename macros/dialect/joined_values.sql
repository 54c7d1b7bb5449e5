{# An aggregate: the values of a text column as one text, in order, with a separator between two. #}
{% macro joined_values(column, separator) %}
    {{- return(adapter.dispatch('joined_values', 'dbt_dedup')(column, separator)) -}}
{% endmacro %}

{% macro duckdb__joined_values(column, separator) %}
    {{- return("string_agg(" ~ column ~ ", '" ~ separator ~ "' order by " ~ column ~ " asc)") -}}
{% endmacro %}

{% macro default__joined_values(column, separator) %}
    {{- dbt_dedup.unsupported('joined_values') -}}
{% endmacro %}
