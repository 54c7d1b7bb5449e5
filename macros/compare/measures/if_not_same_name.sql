{# The features of a name of people, each 1 where the two are the same name (see same_name) however they are written. #}
{% macro if_not_same_name(field, features) %}
    {%- set changed = [] -%}
    {%- for feature in features -%}
        {%- do changed.append(dict(
            feature,
            sql=dbt_dedup.case_lines(['when ' ~ dbt_dedup.same_name(field) ~ ' then 1.0'], otherwise='cast(' ~ feature.sql ~ ' as double)')
        )) -%}
    {%- endfor -%}
    {{- return(changed) -}}
{% endmacro %}
