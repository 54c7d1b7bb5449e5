{#
    The model of an entity as SQL (see _compiled_model) if it is of the version in production, else none: a model of another
    version may read features that this one lacks, and has nothing to be compared with.
#}
{% macro _compiled_in_production(entity_name, parity) %}
    {%- set compiled = dbt_dedup._compiled_model(entity_name) -%}
    {%- set production = dbt_dedup._production_version(parity) if compiled and execute else none -%}
    {{- return(none if production and production != compiled.version else compiled) -}}
{% endmacro %}
