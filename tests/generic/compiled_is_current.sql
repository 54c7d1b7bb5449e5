{#
    On int_<entity>__parity: fails where the compiled model is not the version in production, so that nothing compares Python
    with SQL. Run `dbt-dedup compile`, or remove the macro. Passes where no model is compiled.
#}
{% test compiled_is_current(model, entity) -%}
{%- set compiled = dbt_dedup.compiled_model(entity) -%}
select distinct
    model_version as version_in_production,
    '{{ compiled.version if compiled else '' }}' as version_compiled
from {{ model }}
where {{ "model_version <> '" ~ compiled.version ~ "'" if compiled else 'false' }}
{%- endtest %}
