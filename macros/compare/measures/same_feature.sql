{# A feature that is 1 where both sides hold the same value in a column and 0 where they do not; `compared` names the values. #}
{% macro same_feature(name, column, compared) %}
    {{- return(dbt_dedup.feature(name, dbt_dedup.same(column), '1 if ' ~ compared ~ ' are equal, 0 if they differ')) -}}
{% endmacro %}
