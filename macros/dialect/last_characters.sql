{# The last characters of a text, null where it is shorter. #}
{% macro last_characters(text, count) %}
    {{- return(adapter.dispatch('last_characters', 'dbt_dedup')(text, count)) -}}
{% endmacro %}

{% macro duckdb__last_characters(text, count) %}
    {{- return("case when length(" ~ text ~ ") >= " ~ count ~ " then right(" ~ text ~ ", " ~ count ~ ") end") -}}
{% endmacro %}

{% macro default__last_characters(text, count) %}
    {{- dbt_dedup.unsupported('last_characters') -}}
{% endmacro %}
