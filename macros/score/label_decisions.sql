{#
    int_<entity>__label_decisions, one row per labelled pair whose records exist: what training said of it and what
    production decided. The pairs that the model in production was trained on keep the label they had then; the others of
    today's labels were given since (`is_new`), and are held out in truth.

    Copies of a record are compared through its representative, so that is where the decision on a pair is looked up; two
    copies of one record share the decision that the later one got. A pair that has no decision is no match.
#}
{% macro label_decisions(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
with

judged as (
    select * from {{ ref('int_' ~ entity_name ~ '__judged_pairs') }}
),

labelled as (
    {{ dbt_dedup.labelled_pairs(spec) | indent(4) }}
),

pairs as (
    select
        judged.record_id_l,
        judged.record_id_r,
        judged.label,
        false as is_new,
        judged.sampled_by,
        judged.input_digest = {{ dbt_dedup.input_digest() }} as is_unchanged,
        judged.held_out_probability,
        judged.probability as trained_probability,
        judged.match_threshold
    from judged
    inner join {{ records }} as l on judged.record_id_l = l.record_id
    inner join {{ records }} as r on judged.record_id_r = r.record_id
    union all
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
    left join judged
        on least(labelled.record_id_l, labelled.record_id_r) = least(judged.record_id_l, judged.record_id_r)
        and greatest(labelled.record_id_l, labelled.record_id_r) = greatest(judged.record_id_l, judged.record_id_r)
    where judged.record_id_l is null
    group by labelled.record_id_l, labelled.record_id_r, labelled.label
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
    inner join {{ records }} as l on pairs.record_id_l = l.record_id
    inner join {{ records }} as r on pairs.record_id_r = r.record_id
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
        coalesce(matches.decision = 'match', false) as is_match
    from represented
    left join {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }} as candidate_pairs
        on represented.record_key_l = candidate_pairs.record_key_l
        and represented.record_key_r = candidate_pairs.record_key_r
    left join {{ ref(entity_name ~ '_matches') }} as matches
        on represented.record_key_l = matches.record_key_l
        and represented.record_key_r = matches.record_key_r
)

select * from final
order by is_new, record_id_l, record_id_r
{% endmacro %}
