{#
    SQL of the entities that new records may belong to, one row per new record and entity that has a pair of at least the floor.
    An entity's probability is that of the rule by which clusters merge: the average of the log odds of its distinct records, none
    of which counts for more than odds of 99 to 1 (see docs/resolve.md). `pairs` are those of _find_features with
    match_probability, weight_<field> and model_version; `thresholds` is int_<entity>__match_thresholds.
#}
{% macro _find_entities(entity_name, pairs, thresholds) -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.features | map(attribute='field') | unique | list -%}
{%- set most_certain = dbt_dedup.method_constants().most_certain -%}
with

pairs as (
    select
        *,
        case
            when is_compared and is_certain_copy then 1
            when is_compared and match_probability >= {{ spec.thresholds.floor }} then match_probability
            else 0
        end as counted_probability
    from {{ pairs }}
),

match_thresholds as (
    select
        match_threshold,
        review_threshold,
        least(match_threshold, 0.5) as inner_threshold
    from {{ thresholds }}
),

bounded as (
    select
        *,
        least(greatest(counted_probability, 1 - {{ most_certain }}), {{ most_certain }}) as bounded_probability,
        -- copies of one record count once
        row_number() over (partition by record_id_r, entity_id, representative_key order by record_key_l asc) as copy_number,
        row_number() over (
            partition by record_id_r, entity_id
            order by counted_probability desc, proposed_by = '' asc, record_id_l asc
        ) as place
    from pairs
),

averaged as (
    select
        record_id_r,
        entity_id,
        avg(case when copy_number = 1 then log2(bounded_probability / (1 - bounded_probability)) end) as match_weight,
        min(ruled_out_by) as ruled_out_by,
        max(case when is_identical then counted_probability end) as probability_of_copy
    from bounded
    group by record_id_r, entity_id
),

judged as (
    select
        best.record_id_r as record_id,
        averaged.entity_id,
        1e0 / (1e0 + power(2e0, -averaged.match_weight)) as match_probability,
        averaged.ruled_out_by,
        best.record_id_l as best_record_id,
        best.counted_probability as best_match_probability,
        best.is_identical,
        {{ dbt_dedup._strongest_reasons('best', fields, '>') | indent(8) }} as reasons_for,
        {{ dbt_dedup._strongest_reasons('best', fields, '<') | indent(8) }} as reasons_against,
        best.proposed_by,
        best.records_in_entity,
        best.model_version,
        match_thresholds.match_threshold,
        match_thresholds.review_threshold,
        coalesce(averaged.probability_of_copy >= match_thresholds.match_threshold, false)
        or (
            best.counted_probability >= match_thresholds.match_threshold
            and round(averaged.match_weight - log2(match_thresholds.inner_threshold / (1 - match_thresholds.inner_threshold)), 9) >= 0
        ) as is_match
    from averaged
    inner join bounded as best
        on averaged.record_id_r = best.record_id_r
        and averaged.entity_id = best.entity_id
        and best.place = 1
    cross join match_thresholds
    where best.counted_probability > 0
),

final as (
    select
        record_id,
        entity_id,
        match_probability,
        case
            when ruled_out_by is not null then 'no_match'
            when is_match then 'match'
            when best_match_probability >= review_threshold then 'review'
            else 'no_match'
        end as decision,
        ruled_out_by,
        records_in_entity,
        best_record_id,
        best_match_probability,
        is_identical,
        reasons_for,
        reasons_against,
        proposed_by,
        model_version
    from judged
)

select * from final
order by record_id asc, match_probability desc, best_match_probability desc, entity_id asc
{%- endmacro %}
