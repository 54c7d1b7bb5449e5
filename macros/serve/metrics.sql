{# <entity>_metrics, one row per metric: what went in, what came out, and how well, beside the targets of the spec. #}
{% macro metrics(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

crosswalk as (
    select * from {{ ref(entity_name ~ '_crosswalk') }}
),

candidate_pairs as (
    select count(*) as pairs from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

decisions as (
    select
        count(case when decision = 'match' then 1 end) as match_pairs,
        count(*) as pairs
    from {{ ref(entity_name ~ '_matches') }}
),

review_queue as (
    select count(*) as pairs from {{ ref(entity_name ~ '_review_queue') }}
),

issues as (
    select count(distinct record_id) as records from {{ ref(entity_name ~ '_quality_issues') }}
),

counts as (
    select
        count(*) as records,
        count(distinct entity_id) as entities,
        max(records_in_entity) as largest_entity
    from crosswalk
),

labelled as (
    {{ dbt_dedup.labelled_pairs(spec) | indent(4) }}
),

label_counts as (
    select
        count(*) as pairs,
        count(case when labelled.label = 1 then 1 end) as true_pairs,
        count(case when l.entity_id = r.entity_id then 1 end) as merged_pairs,
        count(case when labelled.label = 1 and l.entity_id = r.entity_id then 1 end) as correct_pairs
    from labelled
    inner join crosswalk as l on labelled.record_key_l = l.record_key
    inner join crosswalk as r on labelled.record_key_r = r.record_key
),
{% if spec.truth %}
judged as (
    select
        crosswalk.record_key,
        crosswalk.entity_id,
        truth.entity_id as true_entity_id
    from crosswalk
    inner join {{ ref(spec.truth) }} as truth on crosswalk.record_id = cast(truth.record_id as varchar)
),

truth_counts as (
    select
        (select sum(n * (n - 1) / 2) from (select count(*) as n from judged group by true_entity_id) as x) as true_pairs,
        (select sum(n * (n - 1) / 2) from (select count(*) as n from judged group by entity_id) as x) as merged_pairs,
        (select sum(n * (n - 1) / 2) from (select count(*) as n from judged group by entity_id, true_entity_id) as x) as correct_pairs
),
{% endif %}
metrics as (
    select 1 as metric_number, 'records' as metric, counts.records as value, null as target, 'records read' as description from counts
    union all
    select 2, 'records_with_problems', issues.records, null, 'records with at least one incorrect value' from issues
    union all
    select 3, 'candidate_pairs', candidate_pairs.pairs, null, 'pairs that blocking proposed and the model compared' from candidate_pairs
    union all
    select 4, 'match_pairs', decisions.match_pairs, null, 'pairs at or above the match threshold' from decisions
    union all
    select 5, 'entities', counts.entities, null, 'golden records' from counts
    union all
    select 6, 'duplicates_merged', counts.records - counts.entities, null, 'records merged into another' from counts
    union all
    select 7, 'largest_entity', counts.largest_entity, null, 'records of the largest entity' from counts
    union all
    select 8, 'review_pairs', review_queue.pairs, {{ spec.targets.review_budget }}, 'pairs that wait for a person, at most the review budget'
    from review_queue
    union all
    select 9, 'labelled_pairs', label_counts.pairs, null, 'labelled pairs whose records exist' from label_counts
    union all
    select
        10,
        'label_precision',
        cast(correct_pairs as double) / nullif(merged_pairs, 0),
        {{ spec.targets.precision }},
        'share of the labelled pairs in one entity that are labelled match'
    from label_counts
    union all
    select
        11,
        'label_recall',
        cast(correct_pairs as double) / nullif(true_pairs, 0),
        {{ spec.targets.recall }},
        'share of the pairs labelled match that are in one entity'
    from label_counts
    {%- if spec.truth %}
    union all
    select
        12,
        'truth_precision',
        cast(correct_pairs as double) / nullif(merged_pairs, 0),
        {{ spec.targets.precision }},
        'share of all merged pairs that are true, by the truth table'
    from truth_counts
    union all
    select
        13,
        'truth_recall',
        cast(correct_pairs as double) / nullif(true_pairs, 0),
        {{ spec.targets.recall }},
        'share of all true pairs that are merged, by the truth table'
    from truth_counts
    {%- endif %}
),

final as (
    select
        cast(metric_number as integer) as metric_number,
        metric,
        cast(value as double) as value,
        cast(target as double) as target,
        case when metric = 'review_pairs' then value <= target when target is not null then value >= target end as is_met,
        description
    from metrics
)

select * from final
{% endmacro %}
