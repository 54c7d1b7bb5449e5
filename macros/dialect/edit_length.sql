{# The length of a text in the units that edit_distance counts: bytes in DuckDB, which are characters in ASCII. #}
{% macro edit_length(text) %}
    {{- return(adapter.dispatch('edit_length', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__edit_length(text) %}
    {{- return("strlen(" ~ text ~ ")") -}}
{% endmacro %}

{% macro default__edit_length(text) %}
    {{- dbt_dedup.unsupported('edit_length') -}}
{% endmacro %}
