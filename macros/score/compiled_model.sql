{#
    The model of an entity as SQL, which `dbt-dedup compile` wrote into the project: version, bias and weights; none where it
    was not compiled.
#}
{% macro compiled_model(entity_name) %}
    {%- set model = context.get('dedup_model_' ~ entity_name) -%}
    {{- return(model() if model else none) -}}
{% endmacro %}
