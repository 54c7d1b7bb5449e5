{# The feature `contains` of a field. #}
{% macro contains_feature(field) %}
    {{- return(dbt_dedup.feature(
        'contains', dbt_dedup.contains_words('l.' ~ field, 'r.' ~ field),
        '1 where the words of one side stand inside the other'
    )) -}}
{% endmacro %}
