{# An aggregate that turns rows of unique keys into one map. #}
{% macro lookup_map(key, entry) %}
    {{- return(adapter.dispatch('lookup_map', 'dbt_dedup')(key, entry)) -}}
{% endmacro %}

{% macro duckdb__lookup_map(key, entry) %}
    {{- return("map(list(" ~ key ~ " order by " ~ key ~ " asc), list(" ~ entry ~ " order by " ~ key ~ " asc))") -}}
{% endmacro %}

{% macro default__lookup_map(key, entry) %}
    {{- dbt_dedup.unsupported('lookup_map') -}}
{% endmacro %}
