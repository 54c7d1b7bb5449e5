{# The feature `contains` of a field. #}
{% macro contains_feature(field) %}
    {{- return(dbt_dedup.feature(
        'contains', dbt_dedup.contains_words('l.' ~ field, 'r.' ~ field),
        '1 if the words of one value are part of the other (Mary, Mary Ann), 0 if not'
    )) -}}
{% endmacro %}
