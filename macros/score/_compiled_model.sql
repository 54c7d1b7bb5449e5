{#
    The model of an entity as SQL, which `dbt-dedup compile` wrote into the project: version, bias and weights; none where it
    was not compiled. In dbt v2, none where the entity is not scored in SQL.
#}
{% macro _compiled_model(entity_name) %}
    {%- set name = 'dedup_model_' ~ entity_name -%}
    {%- set is_compiled = name in context if dbt_dedup._can_look_up_macros() else dbt_dedup.entity(entity_name).scoring == 'sql' -%}
    {{- return(context[name]() if is_compiled else none) -}}
{% endmacro %}
