{#
    Whether `context` tells which macros exist. In dbt v2 it does not: `context.get` returns something callable for every
    name, and calling a macro that is missing stops with "No macro named ...".
#}
{% macro _can_look_up_macros() %}
    {{- return(dbt_version.startswith('1.')) -}}
{% endmacro %}
