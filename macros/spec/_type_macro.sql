{#
    The macro <stage>_<type> of a field type: the user's project first, then this package; none where neither has it. In dbt
    v2 the package comes first, and a type that neither has stops at the call.
#}
{% macro _type_macro(stage, type) %}
    {%- set name = stage ~ '_' ~ type -%}
    {%- set in_package = dbt_dedup[name] -%}
    {%- set in_project = context.get(name) if dbt_dedup._can_look_up_macros() or in_package is not defined -%}
    {{- return(in_project or in_package) -}}
{% endmacro %}
