{# The feature `exact` of a field. #}
{% macro exact_feature(field) %}
    {{- return(dbt_dedup.feature('exact', dbt_dedup.same(field), '1 where the values are equal')) -}}
{% endmacro %}
