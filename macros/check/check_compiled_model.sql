{# Stops where an entity is to be scored in SQL but has no compiled model, or one whose version is not in production. #}
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
