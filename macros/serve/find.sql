{#
    SQL of the entities that new records may belong to, one row per record and entity, the most likely first: the probability, the
    decision that a build would take, what rules the entity out if anything does, and the record of the entity that speaks most
    for it, with its probability and the strongest reasons. `records` is a relation with the columns of the entity's input. It
    needs the model as SQL (`dbt-dedup compile`). New records are not compared with each other.
#}
{% macro find(entity_name, records) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set model = dbt_dedup._compiled_model(entity_name) -%}
{%- if execute and not model -%}
    {{- exceptions.raise_compiler_error(
        "dbt_dedup: entity '" ~ entity_name ~ "': find() needs the model as SQL, and the project has no macro dedup_model_"
        ~ entity_name ~ ". Run `dbt-dedup compile " ~ entity_name ~ "`."
    ) -}}
{%- endif -%}
{%- if model -%}
with

standardized as (
    {{ dbt_dedup.stg_records(entity_name, input=records) | trim | indent(4) }}
),

totals as (
    {{ dbt_dedup._find_totals(entity_name) | indent(4) }}
),

known_values as (
    {{ dbt_dedup._find_known_values(entity_name) | indent(4) }}
),

new_values as (
    {{ dbt_dedup._find_new_values(entity_name, 'standardized') | indent(4) }}
),

new_value_counts as (
    {{ dbt_dedup._find_value_counts('new_values', 'totals', 'known_values') | indent(4) }}
),

new_words as (
    {{ dbt_dedup._find_words(entity_name, 'standardized', 'new_value_counts') | indent(4) }}
),

new_token_counts as (
    {{ dbt_dedup._find_token_counts('new_words', 'totals', ref('int_' ~ entity_name ~ '__token_counts')) | indent(4) }}
),

new_record_keys as (
    {{ dbt_dedup._find_record_keys('standardized') | indent(4) }}
),

new_records as (
    {{ dbt_dedup.keyed_records(entity_name, new={
        'records': 'standardized', 'record_keys': 'new_record_keys', 'value_counts': 'new_value_counts',
        'token_counts': 'new_token_counts',
    }) | trim | indent(4) }}
),

new_block_keys as (
    {{ dbt_dedup.block_keys(entity_name, records='new_records') | trim | indent(4) }}
),

found_pairs as (
    {{ dbt_dedup._find_pairs(entity_name, 'new_records', 'new_block_keys', {
        'block_keys': ref('int_' ~ entity_name ~ '__block_keys'), 'entities': ref('int_' ~ entity_name ~ '__entities'),
        'records': ref('int_' ~ entity_name ~ '__keyed_records'),
    }) | indent(4) }}
),

compared_records as (
    {{ dbt_dedup._find_records('found_pairs', 'new_records', ref('int_' ~ entity_name ~ '__keyed_records')) | indent(4) }}
),

found_features as (
    {{ dbt_dedup._find_features(entity_name, 'found_pairs', 'compared_records') | trim | indent(4) }}
),

found_scores as (
    {{ dbt_dedup._score_features(
        spec, model, 'found_features', ['record_key_l', 'record_key_r'] + dbt_dedup._find_columns()
    ) | trim | indent(4) }}
),

found_entities as (
    {{ dbt_dedup._find_entities(
        entity_name, 'found_scores', ref('int_' ~ entity_name ~ '__match_thresholds')
    ) | indent(4) }}
)

select * from found_entities
{%- endif -%}
{% endmacro %}
