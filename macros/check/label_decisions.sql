{#
    int_<entity>__label_decisions, one row per labelled pair whose records exist: what training said about it and what
    the model in production says, whatever the label decides. The pairs that the model in production was trained on keep the label they had then; the others of
    today's labels were given since (`is_new`), and are truly held out.

    Copies of a record are compared through its representative, so that is where the decision on a pair is looked up; two
    copies of one record share the decision that the later copy got. A pair without a decision does not match.
#}
{% macro label_decisions(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

held_out_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__held_out_pairs') }}
),

records as (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

candidate_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

matches as (
    select * from {{ ref(entity_name ~ '_matches') }}
),

labelled as (
    {{ dbt_dedup._labelled_pairs(spec) | indent(4) }}
),

trained_pairs as (
    select
        held_out_pairs.record_id_l,
        held_out_pairs.record_id_r,
        held_out_pairs.label,
        false as is_new,
        held_out_pairs.sampled_by,
        held_out_pairs.input_digest = {{ dbt_dedup._input_digest() }} as is_unchanged,
        held_out_pairs.held_out_probability,
        held_out_pairs.probability as trained_probability,
        held_out_pairs.match_threshold
    from held_out_pairs
    inner join records as l on held_out_pairs.record_id_l = l.record_id
    inner join records as r on held_out_pairs.record_id_r = r.record_id
),

new_pairs as (
    select
        labelled.record_id_l,
        labelled.record_id_r,
        labelled.label,
        true as is_new,
        max(labelled.sampled_by) as sampled_by,
        true as is_unchanged,
        cast(null as double) as held_out_probability,
        cast(null as double) as trained_probability,
        cast(null as double) as match_threshold
    from labelled
    left join held_out_pairs
        on labelled.record_id_l = least(held_out_pairs.record_id_l, held_out_pairs.record_id_r)
        and labelled.record_id_r = greatest(held_out_pairs.record_id_l, held_out_pairs.record_id_r)
    where held_out_pairs.record_id_l is null
    group by labelled.record_id_l, labelled.record_id_r, labelled.label
),

pairs as (
    select * from trained_pairs
    union all
    select * from new_pairs
),

represented as (
    select
        pairs.*,
        least(l.representative_key, r.representative_key) as record_key_l,
        case
            when l.representative_key = r.representative_key then greatest(l.record_key, r.record_key)
            else greatest(l.representative_key, r.representative_key)
        end as record_key_r
    from pairs
    inner join records as l on pairs.record_id_l = l.record_id
    inner join records as r on pairs.record_id_r = r.record_id
),

final as (
    select
        represented.record_id_l,
        represented.record_id_r,
        represented.label,
        represented.sampled_by,
        represented.is_new,
        represented.is_unchanged,
        represented.held_out_probability >= represented.match_threshold as held_out_is_match,
        represented.trained_probability,
        represented.trained_probability >= represented.match_threshold as trained_is_match,
        candidate_pairs.record_key_l is not null as is_proposed,
        matches.match_probability,
        coalesce(matches.match_probability >= matches.match_threshold, false) as is_match
    from represented
    inner join records as l on represented.record_key_l = l.record_key
    inner join records as r on represented.record_key_r = r.record_key
    left join candidate_pairs
        on represented.record_key_l = candidate_pairs.record_key_l
        and represented.record_key_r = candidate_pairs.record_key_r
    left join matches
        on l.record_id = matches.record_id_l
        and r.record_id = matches.record_id_r
)

select * from final
order by is_new asc, record_id_l asc, record_id_r asc
{% endmacro %}
