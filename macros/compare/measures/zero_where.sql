{# The features, each 0 where a condition holds, such as two names that different people have. #}
{% macro zero_where(condition, features) %}
    {%- set changed = [] -%}
    {%- for feature in features -%}
        {%- do changed.append(dict(
            feature,
            sql=dbt_dedup.case_lines(['when ' ~ condition ~ ' then 0.0'], otherwise='cast(' ~ feature.sql ~ ' as double)')
        )) -%}
    {%- endfor -%}
    {{- return(changed) -}}
{% endmacro %}
