{# The feature `exact` of a field. #}
{% macro exact_feature(field) %}
    {{- return(dbt_dedup.same_feature('exact', field, 'the values')) -}}
{% endmacro %}
