{# log2(1 + days between two dates): 0 for the same day, 1 for the next, about 8.5 for a year. #}
{% macro log_days(field) %}
    {{- return('log2(1.0 + abs(' ~ dbt_dedup.days_between('l.' ~ field, 'r.' ~ field) ~ '))') -}}
{% endmacro %}
