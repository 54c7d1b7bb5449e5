{#
    The SQL of matches. `changed` is SQL of the CTE changed_pairs, those to give a row, with their row_hash (see
    _changed_pairs).
#}
{% macro _matches_of(entity_name, changed=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.features | map(attribute='field') | unique | list -%}
{%- set is_identical = dbt_dedup.has_bit('candidate_pairs.rule_mask', spec.blocking | length) -%}
with

{% if changed -%}
{{ changed }}

pair_scores as (
    select * from changed_pairs
),
{%- else -%}
pair_scores as (
    select * from {{ ref('int_' ~ entity_name ~ '__pair_scores') }}
),
{%- endif %}

candidate_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

match_thresholds as (
    select * from {{ ref('int_' ~ entity_name ~ '__match_thresholds') }}
),

links as (
    select * from {{ ref('int_' ~ entity_name ~ '__links') }}
),

records as (
    {%- if spec.never %}
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
    {%- else %}
    select
        record_key,
        record_id,
        is_distinctive
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
    {%- endif %}
    {%- if changed %}
    where record_key in (
        select record_key_l from changed_pairs
        union all
        select record_key_r from changed_pairs
    )
    {%- endif %}
),

decided as (
    select
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        pair_scores.match_probability,
        pair_scores.match_weight,
        match_thresholds.match_threshold,
        {{ dbt_dedup._decision('pair_scores.match_probability') | indent(8) }} as decision_of_model,
        links.decision as decision_of_people,
        links.origin,
        {{ dbt_dedup._never_rule(spec) | indent(8) }} as never_rule,
        {{ is_identical }} and l.is_distinctive as is_certain_copy,
        {{ dbt_dedup._strongest_reasons('pair_scores', fields, '>') | indent(8) }} as reasons_for,
        {{ dbt_dedup._strongest_reasons('pair_scores', fields, '<') | indent(8) }} as reasons_against,
        {{ dbt_dedup._proposed_by(spec, 'candidate_pairs.rule_mask', is_identical) | indent(8) }} as proposed_by,
        pair_scores.model_version
        {%- if changed %},
        pair_scores.row_hash
        {%- endif %}
    from pair_scores
    cross join match_thresholds
    inner join candidate_pairs
        on pair_scores.record_key_l = candidate_pairs.record_key_l
        and pair_scores.record_key_r = candidate_pairs.record_key_r
    inner join records as l on pair_scores.record_key_l = l.record_key
    inner join records as r on pair_scores.record_key_r = r.record_key
    left join links
        on pair_scores.record_key_l = links.record_key_l
        and pair_scores.record_key_r = links.record_key_r
),

final as (
    select
        record_id_l,
        record_id_r,
        match_probability,
        match_weight,
        case
            when decision_of_people is not null then decision_of_people
            when never_rule is not null then 'no_match'
            when is_certain_copy then 'match'
            else decision_of_model
        end as decision,
        case
            when decision_of_people is not null then origin
            when never_rule is not null then 'never ' || never_rule
            when is_certain_copy then 'copy'
            else 'model'
        end as decided_by,
        match_threshold,
        reasons_for,
        reasons_against,
        proposed_by,
        model_version
        {%- if changed %},
        row_hash
        {%- endif %}
    from decided
)

select * from final
order by record_id_l asc, record_id_r asc
{% endmacro %}
