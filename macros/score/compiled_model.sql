{#
    The model of an entity as SQL, which `dbt-dedup compile` wrote into the project as the macro dedup_model_<entity>: version,
    bias and weights; none where it is not compiled. dbt v2 cannot tell whether a macro exists, so there only an entity with
    `scoring: sql` has a compiled model.
#}
{% macro compiled_model(entity_name) %}
    {%- if dbt_version.startswith('2') and dbt_dedup.entity(entity_name).scoring != 'sql' -%}{{- return(none) -}}{%- endif -%}
    {%- set model = context.get('dedup_model_' ~ entity_name) -%}
    {{- return(model() if model else none) -}}
{% endmacro %}
