{#
    <entity>_matches, one row per scored pair above the floor: probability, decision and who took it, the strongest reasons for
    and against, the blocking rules that proposed it, and the model version that scored it.
    With `incremental: true` only pairs are put into words that are new, or of which a record, the score or the decision differs.
#}
{% macro matches(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- if not spec.incremental -%}
{{ dbt_dedup._matches_of(entity_name) }}
{%- else -%}
{%- if execute and model.contract.enforced and 'row_hash' not in model.columns -%}
    {{- exceptions.raise_compiler_error(
        "dbt_dedup: entity '" ~ entity_name ~ "', key 'incremental': with true, " ~ model.name ~ " has a column row_hash, which its"
        ~ " contract lacks. `dbt-dedup init " ~ entity_name ~ " --update` adds it."
    ) -}}
{%- endif -%}
{%- do config(
    materialized='dedup_incremental', unique_key=['record_id_l', 'record_id_r'],
    pre_hook="{{ dbt_dedup._delete_gone_matches('" ~ entity_name ~ "') }}"
) -%}
{%- set sql = dbt_dedup._matches_of(entity_name, '<changed pairs>') -%}
{{ sql | replace('<changed pairs>', dbt_dedup._changed_pairs(spec, dbt_dedup._definition(spec, sql))) }}
{%- endif -%}
{% endmacro %}
