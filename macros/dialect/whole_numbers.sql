{# The list of whole numbers from 1 to `last`; empty where that is below 1. #}
{% macro whole_numbers(last) %}
    {{- return(adapter.dispatch('whole_numbers', 'dbt_dedup')(last)) -}}
{% endmacro %}

{% macro duckdb__whole_numbers(last) %}
    {{- return("range(1, " ~ last ~ " + 1)") -}}
{% endmacro %}

{% macro default__whole_numbers(last) %}
    {{- dbt_dedup.unsupported('whole_numbers') -}}
{% endmacro %}
