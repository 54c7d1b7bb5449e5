{#
    <entity>_matches, one row per scored pair above the floor: probability, decision, the strongest reasons for and against,
    the blocking rules that proposed it, and the model version that scored it.
#}
{% macro matches(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.features | map(attribute='field') | unique | list -%}
with

pair_scores as (
    select * from {{ ref('int_' ~ entity_name ~ '__pair_scores') }}
),

candidate_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

final as (
    select
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        pair_scores.match_probability,
        pair_scores.match_weight,
        {{ dbt_dedup.decision(spec, 'pair_scores.match_probability') | indent(8) }} as decision,
        {{ dbt_dedup.strongest_reasons('pair_scores', fields, '>') | indent(8) }} as reasons_for,
        {{ dbt_dedup.strongest_reasons('pair_scores', fields, '<') | indent(8) }} as reasons_against,
        concat_ws(
            ', ',
            {%- for rule in spec.blocking %}
            case when {{ dbt_dedup.has_bit('candidate_pairs.rule_mask', rule.id) }} then '{{ rule.name }}' end,
            {%- endfor %}
            case when {{ dbt_dedup.has_bit('candidate_pairs.rule_mask', spec.blocking | length) }} then 'identical records' end
        ) as proposed_by,
        pair_scores.model_version
    from pair_scores
    inner join candidate_pairs
        on pair_scores.record_key_l = candidate_pairs.record_key_l
        and pair_scores.record_key_r = candidate_pairs.record_key_r
    inner join records as l on pair_scores.record_key_l = l.record_key
    inner join records as r on pair_scores.record_key_r = r.record_key
)

select * from final
order by record_id_l asc, record_id_r asc
{% endmacro %}
