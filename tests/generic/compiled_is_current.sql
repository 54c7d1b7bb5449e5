{#
    On int_<entity>__parity: fails where a model is compiled, but of another version than is in production: nothing compares the
    two routes then. Run `dbt-dedup compile`, or remove the macro.
#}
{% test compiled_is_current(model, entity) %}
{%- set compiled = dbt_dedup.compiled_model(entity) %}
select distinct
    model_version as version_in_production,
    '{{ compiled.version if compiled else '' }}' as version_compiled
from {{ model }}
where {{ 'model_version <> ' ~ "'" ~ compiled.version ~ "'" if compiled else 'false' }}
{% endtest %}
