{# The features, each 1 where a condition holds, such as two names that are the same however they are written. #}
{% macro one_where(condition, features) %}
    {%- set changed = [] -%}
    {%- for feature in features -%}
        {%- do changed.append(dict(
            feature,
            sql=dbt_dedup.case_lines(['when ' ~ condition ~ ' then 1.0'], otherwise='cast(' ~ feature.sql ~ ' as double)')
        )) -%}
    {%- endfor -%}
    {{- return(changed) -}}
{% endmacro %}
