{#
    <entity>_blocking_recall, one row per base of comparison (truth, labels): how many of the pairs known to match blocking
    finds. No model can match a pair that blocking does not propose. A pair counts as found where its two records are identical
    or where the representatives of its records are a candidate pair.
#}
{% macro blocking_recall(entity_name) %}
{#- it follows the labels, which change more often than the rest -#}
{%- do config(materialized='view') -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

bases as (
    select 'truth' as base
    union all
    select 'labels' as base
),

records as (
    select
        record_id,
        record_key,
        representative_key
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

candidate_pairs as (
    select
        record_key_l,
        record_key_r
    from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),
{% if spec.truth %}
truth as (
    select
        cast(record_id as {{ text_type }}) as record_id,
        entity_id
    from {{ ref(spec.truth) }}
),

members as (
    select
        truth.entity_id,
        records.representative_key,
        count(*) as records
    from records
    inner join truth on records.record_id = truth.record_id
    group by truth.entity_id, records.representative_key
),

true_pairs as (
    select
        l.representative_key as record_key_l,
        r.representative_key as record_key_r,
        l.records * r.records as pairs
    from members as l
    inner join members as r
        on l.entity_id = r.entity_id
        and l.representative_key < r.representative_key
),
{% endif %}
{%- if spec.labels %}
labels as (
    select
        cast(record_id_l as {{ text_type }}) as record_id_l,
        cast(record_id_r as {{ text_type }}) as record_id_r
    from {{ ref(spec.labels) }}
    where label = 'match'
),

labelled_matches as (
    select distinct
        least(l.representative_key, r.representative_key) as record_key_l,
        greatest(l.representative_key, r.representative_key) as record_key_r
    from labels
    inner join records as l on labels.record_id_l = l.record_id
    inner join records as r on labels.record_id_r = r.record_id
    where l.record_key <> r.record_key
),
{% endif %}
known_pairs as (
    {%- if spec.truth %}
    select
        'truth' as base,
        records * (records - 1) / 2 as pairs,
        true as is_found
    from members
    union all
    select
        'truth' as base,
        true_pairs.pairs,
        candidate_pairs.record_key_l is not null as is_found
    from true_pairs
    left join candidate_pairs
        on true_pairs.record_key_l = candidate_pairs.record_key_l
        and true_pairs.record_key_r = candidate_pairs.record_key_r
    union all
    {%- endif %}
    {%- if spec.labels %}
    select
        'labels' as base,
        1 as pairs,
        labelled_matches.record_key_l = labelled_matches.record_key_r
        or candidate_pairs.record_key_l is not null as is_found
    from labelled_matches
    left join candidate_pairs
        on labelled_matches.record_key_l = candidate_pairs.record_key_l
        and labelled_matches.record_key_r = candidate_pairs.record_key_r
    union all
    {%- endif %}
    select
        base,
        0 as pairs,
        false as is_found
    from bases
),

counts as (
    select
        base,
        sum(pairs) as pairs,
        sum(case when is_found then pairs else 0 end) as found_pairs
    from known_pairs
    group by base
),

final as (
    select
        base,
        cast(pairs as bigint) as pairs,
        cast(found_pairs as bigint) as found_pairs,
        cast(found_pairs as double) / nullif(pairs, 0) as recall
    from counts
)

select * from final
order by base desc
{% endmacro %}
