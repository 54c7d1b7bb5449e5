{# SQL of a number of all rows of a relation, as text, whatever their order: another one means that the rows are others. #}
{% macro table_digest(relation) %}
    {{- return(adapter.dispatch('table_digest', 'dbt_dedup')(relation)) -}}
{% endmacro %}

{% macro duckdb__table_digest(relation) %}
    {{- return("(select cast(coalesce(sum(hash(listed)), 0) as varchar) || ' ' || count(*) from " ~ relation ~ " as listed)") -}}
{% endmacro %}

{% macro default__table_digest(relation) %}
    {{- dbt_dedup.unsupported('table_digest') -}}
{% endmacro %}
