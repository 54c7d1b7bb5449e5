{#
    On int_<entity>__label_decisions: fails where precision or recall of production on labelled pairs is not what training
    expects. One row per metric that fails, with the number of pairs of one label that make the difference, how many of them
    blocking does not propose, and the first of them, one that blocking proposes if there is any. The first is logged, too.

    - Labels that the model was `trained on`, where the input of both records has not changed: production differs by more than
      `tolerance` from the final model at training, on the same pairs. As features and scores are equal, the difference is
      what blocking does not propose, what another match threshold decides, and what copies inherit.
    - Labels `given since`, which the model has not seen: production falls below the cross-validated figure of the card by more
      than `tolerance` and by more than two standard errors of the difference of two shares (binomial). Pairs chosen by doubt
      (`uncertainty`, `diversity`) are left out, because they are harder than the pairs of production; a metric of fewer than
      `min_pairs` pairs is not compared.
#}
{% test metrics_agree(model, tolerance=none, min_pairs=none) -%}
{%- set constants = dbt_dedup.method_constants() -%}
{%- set allowed = constants.metric_tolerance if tolerance is none else tolerance -%}
{%- set enough_pairs = constants.metric_pairs if min_pairs is none else min_pairs -%}
{%- set failures -%}
with

production as (
    select
        *,
        case when is_new then 'given since' else 'trained on' end as labels
    from {{ model }}
    where
        case
            when is_new then coalesce(sampled_by, '') not in ('uncertainty', 'diversity', 'review_queue')
            else is_unchanged
        end
),

sides as (
    select
        labels,
        'production' as side,
        label,
        is_match
    from production
    union all
    select
        'trained on' as labels,
        'expected' as side,
        label,
        trained_is_match as is_match
    from production
    where not is_new
    union all
    select
        'given since' as labels,
        'expected' as side,
        label,
        held_out_is_match as is_match
    from {{ model }}
    where held_out_is_match is not null
),

counted as (
    {%- for metric, counts in {'precision': 'is_match', 'recall': 'label = 1'}.items() %}
    select
        labels,
        '{{ metric }}' as metric,
        count(case when side = 'expected' and {{ counts }} then 1 end) as expected_pairs,
        count(case when side = 'expected' and is_match and label = 1 then 1 end) as expected_correct_pairs,
        count(case when side = 'production' and {{ counts }} then 1 end) as pairs,
        count(case when side = 'production' and is_match and label = 1 then 1 end) as correct_pairs
    from sides
    group by labels
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

compared as (
    select
        *,
        cast(expected_correct_pairs as double) / nullif(expected_pairs, 0) as expected_value,
        cast(correct_pairs as double) / nullif(pairs, 0) as production_value
    from counted
),

failed as (
    select * from compared
    where
        case
            when labels = 'trained on'
                then
                    (expected_value is null) <> (production_value is null)
                    or abs(expected_value - production_value) > {{ allowed }}
            else
                pairs >= {{ enough_pairs }}
                and expected_value - production_value > greatest(
                    {{ allowed }},
                    {{ constants.standard_errors }} * sqrt(
                        expected_value * (1 - expected_value) / expected_pairs
                        + production_value * (1 - production_value) / pairs
                    )
                )
        end
),

differing as (
    select
        *,
        count(*) over (partition by labels, label) as differing_pairs,
        count(case when not is_proposed then 1 end) over (partition by labels, label) as not_proposed_pairs,
        row_number() over (
            partition by labels order by label asc, is_proposed desc, record_id_l asc, record_id_r asc
        ) as precision_place,
        row_number() over (
            partition by labels order by label desc, is_proposed desc, record_id_l asc, record_id_r asc
        ) as recall_place
    from production
    where is_match <> coalesce(trained_is_match, label = 1)
)

select
    failed.labels,
    failed.metric,
    failed.expected_value,
    failed.production_value,
    failed.pairs,
    differing.differing_pairs,
    differing.not_proposed_pairs,
    differing.record_id_l,
    differing.record_id_r,
    differing.label,
    differing.trained_is_match,
    differing.is_match,
    differing.trained_probability,
    differing.match_probability,
    differing.is_proposed
from failed
left join differing
    on failed.labels = differing.labels
    and case when failed.metric = 'precision' then precision_place else recall_place end = 1
order by failed.labels desc, failed.metric asc
{%- endset -%}
{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- for row in run_query(failures ~ ' limit 1').rows -%}
        {%- set production = 'undefined' if row['production_value'] is none else row['production_value'] | round(3) -%}
        {%- set expected = 'undefined' if row['expected_value'] is none else row['expected_value'] | round(3) -%}
        {%- do log(
            'dbt_dedup: ' ~ row['metric'] ~ ' on labels ' ~ row['labels'] ~ ' is ' ~ production ~ ' in production, expected '
            ~ expected ~ '. ' ~ row['differing_pairs'] ~ ' pairs labelled ' ~ ('match' if row['label'] else 'no match')
            ~ ' are decided otherwise; blocking does not propose ' ~ row['not_proposed_pairs'] ~ ' of them; the first is '
            ~ row['record_id_l'] ~ ' and ' ~ row['record_id_r'],
            info=true
        ) -%}
    {%- endfor -%}
{%- endif -%}
{{ failures }}
{%- endtest %}
