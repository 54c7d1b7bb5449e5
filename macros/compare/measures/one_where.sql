{# The features, each 1 where a condition holds, such as two names that are the same however they are written. #}
{% macro one_where(condition, features) %}
    {{- return(dbt_dedup.value_where(condition, '1.0', features)) -}}
{% endmacro %}
