{# The features, each 0 where a condition holds, such as two names that different people have. #}
{% macro zero_where(condition, features) %}
    {{- return(dbt_dedup.value_where(condition, '0.0', features)) -}}
{% endmacro %}
