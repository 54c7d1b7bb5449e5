{# The version in int_<entity>__parity; none where it is not built yet, as in `dbt compile` of a new project. #}
{% macro production_version(parity) %}
    {%- set built = load_relation(parity) -%}
    {{- return(run_query('select max(model_version) from ' ~ built).columns[0].values()[0] if built else none) -}}
{% endmacro %}
