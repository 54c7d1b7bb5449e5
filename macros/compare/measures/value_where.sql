{# The features, each a number where a condition holds, whatever their own SQL says there. `value` is SQL of the number. #}
{% macro value_where(condition, value, features) %}
    {%- set changed = [] -%}
    {%- for feature in features -%}
        {%- do changed.append(dict(
            feature,
            sql=dbt_dedup.case_lines(
                ['when ' ~ condition ~ ' then ' ~ value], otherwise='cast(' ~ feature.sql ~ ' as double)'
            )
        )) -%}
    {%- endfor -%}
    {{- return(changed) -}}
{% endmacro %}
