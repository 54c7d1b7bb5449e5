{# Stops where an entity to be scored in SQL has no compiled model, or one of another version than is in production. #}
{% macro check_compiled_model(spec, model, parity) %}
    {%- set way_out = "Run `dbt-dedup compile " ~ spec.name ~ "`, or set `scoring: python`." -%}
    {%- if not model -%}
        {{- exceptions.raise_compiler_error(
            "dbt_dedup: entity '" ~ spec.name ~ "' is scored in SQL (`scoring: sql`), but the macro dedup_model_" ~ spec.name
            ~ " is missing. " ~ way_out
        ) -}}
    {%- endif -%}
    {%- set production = dbt_dedup.production_version(parity) -%}
    {%- if production and production != model.version -%}
        {{- exceptions.raise_compiler_error(
            "dbt_dedup: entity '" ~ spec.name ~ "' is scored in SQL (`scoring: sql`), but the macro dedup_model_" ~ spec.name
            ~ " is version " ~ model.version ~ ", and " ~ production ~ " is in production. " ~ way_out
        ) -}}
    {%- endif -%}
{% endmacro %}

{# The version in int_<entity>__parity; none where it is not built yet, as in `dbt compile` of a new project. #}
{% macro production_version(parity) %}
    {%- set built = load_relation(parity) -%}
    {{- return(run_query('select max(model_version) from ' ~ built).columns[0].values()[0] if built else none) -}}
{% endmacro %}
