{#
    <entity>_metrics, one row per metric: what went in, what came out, and how well, next to the targets of the spec. `direction`
    says how a value meets its target: at_least or at_most. `level` says how the value stands: a target that nothing was
    measured for is unknown, not met.
#}
{% macro metrics(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set targets = spec.targets -%}
{%- set no_direction = 'cast(null as ' ~ dbt_dedup.text_type() ~ ')' -%}
{%- set no_target = 'cast(null as double)' -%}
{%- set guards = dbt_dedup._entity_size_targets(targets) -%}
{%- set precision = 'cast(correct_pairs as double) / nullif(merged_pairs, 0)' -%}
{%- set recall = 'cast(correct_pairs as double) / nullif(true_pairs, 0)' -%}
{%- set metrics = [
    {'name': 'records', 'of': 'counts', 'value': 'records', 'unit': 'records', 'description': 'records read'},
    {'name': 'records_with_problems', 'of': 'issues', 'value': 'records', 'unit': 'records',
        'description': 'records with at least one incorrect value'},
    {'name': 'candidate_pairs', 'of': 'candidate_pairs', 'value': 'pairs', 'unit': 'pairs',
        'description': 'pairs that blocking proposed and the model compared'},
    {'name': 'estimated_missed_matches', 'of': 'missed_matches', 'value': 'missed', 'unit': 'pairs',
        'description': 'matches that no blocking rule proposes, at least, estimated from how often independent rules find the same'},
    {'name': 'estimated_blocking_recall', 'of': 'missed_matches', 'value': 'found / nullif(found + missed, 0)', 'unit': 'share',
        'description': 'share of the matches that blocking proposes, at most, by the same estimate'},
    {'name': 'match_pairs', 'of': 'decisions', 'value': 'match_pairs', 'unit': 'pairs',
        'description': 'pairs that match, by the model or by a label'},
    {'name': 'entities', 'of': 'counts', 'value': 'entities', 'unit': 'entities', 'description': 'golden records'},
    {'name': 'duplicates_merged', 'of': 'counts', 'value': 'records - entities', 'unit': 'records',
        'description': 'records merged into another'},
    {'name': 'largest_entity', 'of': 'counts', 'value': 'largest_entity', 'unit': 'records',
        'description': 'records of the largest entity'},
    {'name': 'largest_entity_share', 'of': 'entity_shape', 'value': 'largest_entity / nullif(records, 0)', 'unit': 'share',
        'direction': 'at_most', 'target': guards.entity_share, 'warn_target': guards.warn_entity_share,
        'description': 'share of the records that are in the largest entity, copies counted once'},
    {'name': 'large_entity_share', 'of': 'entity_shape', 'value': 'large_entities / nullif(entities, 0)', 'unit': 'share',
        'direction': 'at_most', 'target': guards.large_entity_share, 'warn_target': guards.warn_large_entity_share,
        'description': 'share of the entities that have over ' ~ targets.large_entity ~ ' records, copies counted once'},
    {'name': 'large_entity_record_share', 'of': 'entity_shape', 'value': 'records_of_large_entities / nullif(records, 0)',
        'unit': 'share',
        'direction': 'at_most', 'target': guards.large_entity_share, 'warn_target': guards.warn_large_entity_share,
        'description': 'share of the records that are in such entities'},
    {'name': 'transitivity', 'of': 'merged_pairs', 'value': 'coalesce(match_pairs / nullif(pairs, 0), 1)', 'unit': 'share',
        'direction': 'at_least', 'target': guards.transitivity, 'warn_target': guards.warn_transitivity,
        'description': 'share of the pairs inside entities that are matches themselves, copies counted once'},
    {'name': 'review_pairs', 'of': 'review_queue', 'value': 'pairs', 'unit': 'pairs',
        'direction': 'at_most', 'target': targets.review_budget, 'description': 'pairs that wait for a person'},
    {'name': 'labelled_pairs', 'of': 'label_pairs', 'value': 'pairs', 'unit': 'pairs',
        'description': 'labelled pairs whose records exist'},
    {'name': 'label_precision', 'of': 'label_counts', 'value': precision, 'unit': 'share',
        'direction': 'at_least', 'target': targets.precision,
        'description': 'share of the labelled pairs in one entity that are labelled match, of pairs that no label decided'},
    {'name': 'label_recall', 'of': 'label_counts', 'value': recall, 'unit': 'share',
        'direction': 'at_least', 'target': targets.recall,
        'description': 'share of the pairs labelled match that are in one entity, of pairs that no label decided'},
] -%}
{%- if spec.truth -%}
    {%- do metrics.extend([
        {'name': 'truth_precision', 'of': 'truth_counts', 'value': precision, 'unit': 'share',
            'direction': 'at_least', 'target': targets.precision,
            'description': 'share of all merged pairs that are true, by the truth table'},
        {'name': 'truth_recall', 'of': 'truth_counts', 'value': recall, 'unit': 'share',
            'direction': 'at_least', 'target': targets.recall,
            'description': 'share of all true pairs that are merged, by the truth table'},
    ]) -%}
{%- endif -%}
{%- set golden_checks = ref('int_' ~ entity_name ~ '__golden_checks') -%}
{%- set checked_fields = dbt_dedup._fields_with_truth(spec) -%}
{%- for field in checked_fields -%}
    {%- do metrics.append({
        'name': 'golden_' ~ field.name ~ '_right', 'of': 'golden_shares', 'value': field.name ~ '__right', 'unit': 'share',
        'direction': 'at_least', 'target': targets.golden_values,
        'description': 'share of right golden values of ' ~ field.name ~ ', where any record of the entity has a right one'
    }) -%}
{%- endfor -%}
with

entities as (
    select * from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

candidate_pairs as (
    select count(*) as pairs from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

missed_matches as (
    {{ dbt_dedup._missed_matches(spec) | indent(4) }}
),

decisions as (
    select count(case when decision = 'match' then 1 end) as match_pairs
    from {{ ref(entity_name ~ '_matches') }}
),

review_queue as (
    select count(*) as pairs from {{ ref(entity_name ~ '_review_queue') }}
),

issues as (
    select count(distinct record_id) as records from {{ ref(entity_name ~ '_quality_issues') }}
    where not is_used
),

counts as (
    select
        count(*) as records,
        count(distinct cluster_key) as entities,
        max(records_in_entity) as largest_entity
    from entities
),

members as (
    select
        entities.record_key,
        entities.record_id,
        entities.cluster_key,
        entities.source,
        records.representative_key
    from entities
    inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as records on entities.record_key = records.record_key
),

-- a copy of a record says nothing about the model
distinct_members as (
    select distinct
        cluster_key,
        {%- if spec.source_mode == 'link_only' %}
        source,
        {%- endif %}
        representative_key
    from members
),

entity_sizes as (
    select
        cluster_key,
        count(*) as records
    from distinct_members
    group by cluster_key
),

entity_shape as (
    select
        cast(sum(records) as double) as records,
        cast(count(*) as double) as entities,
        cast(max(records) as double) as largest_entity,
        cast(count(case when records > {{ targets.large_entity }} then 1 end) as double) as large_entities,
        cast(sum(case when records > {{ targets.large_entity }} then records else 0 end) as double) as records_of_large_entities
    from entity_sizes
),

match_members as (
    select
        l.cluster_key,
        l.representative_key as record_key_l,
        r.representative_key as record_key_r
    from {{ ref(entity_name ~ '_matches') }} as matches
    inner join members as l on matches.record_id_l = l.record_id
    inner join members as r on matches.record_id_r = r.record_id
    where
        matches.decision = 'match'
        and l.cluster_key = r.cluster_key
        and l.representative_key <> r.representative_key
    union all
    select
        l.cluster_key,
        l.representative_key as record_key_l,
        r.representative_key as record_key_r
    from {{ ref('int_' ~ entity_name ~ '__closure_scores') }} as closure
    cross join {{ ref('int_' ~ entity_name ~ '__match_thresholds') }} as match_thresholds
    inner join members as l on closure.record_key_l = l.record_key
    inner join members as r on closure.record_key_r = r.record_key
    where
        {{ dbt_dedup._decision('closure.match_probability') | indent(8) }} = 'match'
        and l.cluster_key = r.cluster_key
),

match_pairs_inside as (
    select distinct
        cluster_key,
        least(record_key_l, record_key_r) as record_key_l,
        greatest(record_key_l, record_key_r) as record_key_r
    from match_members
),

merged_pairs as (
    select
        cast((select count(*) from match_pairs_inside) as double) as match_pairs,
        {{ dbt_dedup._pairs_within('distinct_members', ['cluster_key']) }}
        {%- if spec.source_mode == 'link_only' %}
        -- records of one source are never compared
        - {{ dbt_dedup._pairs_within('distinct_members', ['cluster_key', 'source']) }}
        {%- endif %} as pairs
),

labelled as (
    {{ dbt_dedup._labelled_pairs(spec) | indent(4) }}
),

label_pairs as (
    select count(*) as pairs from labelled
),

-- where labels decide, entities agree with them whatever the model says
undecided as (
    select labelled.*
    from labelled
    left join {{ ref('int_' ~ entity_name ~ '__links') }} as links
        on labelled.record_key_l = links.record_key_l
        and labelled.record_key_r = links.record_key_r
    where links.record_key_l is null
),

label_counts as (
    select
        count(case when undecided.label = 1 then 1 end) as true_pairs,
        count(case when l.cluster_key = r.cluster_key then 1 end) as merged_pairs,
        count(case when undecided.label = 1 and l.cluster_key = r.cluster_key then 1 end) as correct_pairs
    from undecided
    inner join entities as l on undecided.record_key_l = l.record_key
    inner join entities as r on undecided.record_key_r = r.record_key
),
{% if spec.truth %}
known_records as (
    select
        entities.record_key,
        entities.cluster_key,
        truth.entity_id as true_entity_id
    from entities
    inner join {{ ref(spec.truth) }} as truth on entities.record_id = cast(truth.record_id as {{ dbt_dedup.text_type() }})
),

truth_counts as (
    select
        {{ dbt_dedup._pairs_within('known_records', ['true_entity_id']) }} as true_pairs,
        {{ dbt_dedup._pairs_within('known_records', ['cluster_key']) }} as merged_pairs,
        {{ dbt_dedup._pairs_within('known_records', ['cluster_key', 'true_entity_id']) }} as correct_pairs
),
{% endif %}
{%- if checked_fields %}
-- entities of two or more records, by the true values of most of their records
golden_shares as (
    select
        {%- for field in checked_fields %}
        avg(case when field = '{{ field.name }}' and any_right then case when is_right then 1.0 else 0.0 end end)
            as {{ field.name }}__right{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ golden_checks }}
),
{% endif %}
metrics as (
    {%- for metric in metrics %}
    select
        {{ loop.index }} as metric_number,
        '{{ metric.name }}' as metric,
        {{ metric.value }} as value,
        '{{ metric.unit }}' as unit,
        {{ "'" ~ metric.direction ~ "'" if metric.direction is defined else no_direction }} as direction,
        {{ metric.target if metric.target is defined else no_target }} as target,
        {{ metric.warn_target if metric.warn_target is defined else no_target }} as warn_target,
        '{{ metric.description }}' as description
    from {{ metric.of }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

compared as (
    select
        *,
        case direction
            when 'at_least' then value >= target
            when 'at_most' then value <= target
        end as is_met,
        case direction
            when 'at_least' then value >= warn_target
            when 'at_most' then value <= warn_target
        end as is_safe
    from metrics
),

final as (
    select
        cast(metric_number as integer) as metric_number,
        metric,
        cast(value as double) as value,
        unit,
        direction,
        cast(target as double) as target,
        cast(warn_target as double) as warn_target,
        is_met,
        case
            when target is null then null
            when is_met is null then 'unknown'
            when not is_met then 'failure'
            when not is_safe then 'warning'
            else 'ok'
        end as level,
        description
    from compared
)

select * from final
order by metric_number asc
{% endmacro %}
