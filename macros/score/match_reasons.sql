{#
    <entity>_match_reasons, one row per scored pair and field that counts for or against a match: what the field's features
    contribute. Computed as it is read.
#}
{% macro match_reasons(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.features | map(attribute='field') | unique | list -%}
with

pair_scores as (
    select * from {{ ref('int_' ~ entity_name ~ '__pair_scores') }}
),

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

weights as (
    {%- for field in fields %}
    select
        record_key_l,
        record_key_r,
        '{{ field }}' as field,
        cast(weight_{{ field }} as double) as match_weight,
        model_version
    from pair_scores
    where weight_{{ field }} <> 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        weights.field,
        weights.match_weight,
        weights.model_version
    from weights
    inner join records as l on weights.record_key_l = l.record_key
    inner join records as r on weights.record_key_r = r.record_key
)

select * from final
{% endmacro %}
