{# The macro <stage>_<type> of a field type: the user's project first, then this package; none where neither has it. #}
{% macro type_macro(stage, type) %}
    {%- set macro_name = stage ~ '_' ~ type -%}
    {{- return(context.get(macro_name) or context['dbt_dedup'].get(macro_name)) -}}
{% endmacro %}
