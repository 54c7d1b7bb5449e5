{# The feature `exact` of a name of people. #}
{% macro same_name_feature(field) %}
    {{- return(dbt_dedup.feature(
        'exact', dbt_dedup.same_name(field),
        '1 if the values are equal, with or without spaces and with umlauts and such letters as one or as two, 0 if they differ'
    )) -}}
{% endmacro %}
