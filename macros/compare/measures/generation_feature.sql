{# The feature `generation` of a name. #}
{% macro generation_feature(field) %}
    {{- return(dbt_dedup.feature(
        'generation', dbt_dedup.generation_agreement(field),
        '1 if the generations (Jr, Sr, III) are equal, 0 if they differ, 0.5 if only one name has one'
    )) -}}
{% endmacro %}
