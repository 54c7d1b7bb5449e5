{#
    SQL of one row: how many matches blocking misses, estimated without truth from how often independent groups of rules find the
    same pairs (capture-recapture). A pair counts by its match probability, where that is one half or more; records that are equal
    in every field are not missed and do not count.
    - missed: estimated matches that no rule proposes. With two groups by Chapman (1951), with more by Chao's lower bound (1987,
      bias-corrected): (groups - 1) / groups * f1 (f1 - 1) / (2 (f2 + 1)), f1 and f2 being what one and two groups find. Null
      where it cannot be estimated: fewer than two groups that share no field, or fewer than 10 matches found by several.
    - found: matches that are proposed.
    It is rather too low than too high: what one group fails to find is harder to find for the others too.
#}
{% macro _missed_matches(spec) -%}
{%- set groups = dbt_dedup._independent_rules(spec) -%}
{%- set identical = dbt_dedup.has_bit('candidate_pairs.rule_mask', spec.blocking | length) -%}
with

captured as (
    select
        -- exact, so that the order of the pairs does not matter to their sum
        cast(scores.match_probability as decimal(18, 12)) as weight
        {%- for ids in groups %},
        case
            {%- for id in ids %}
            when {{ dbt_dedup.has_bit('candidate_pairs.rule_mask', id) }} then 1
            {%- endfor %}
            else 0
        end as group_{{ loop.index }}
        {%- endfor %}
    from {{ ref('int_' ~ spec.name ~ '__pair_scores') }} as scores
    inner join {{ ref('int_' ~ spec.name ~ '__candidate_pairs') }} as candidate_pairs
        on scores.record_key_l = candidate_pairs.record_key_l
        and scores.record_key_r = candidate_pairs.record_key_r
    where scores.match_probability >= 0.5 and not ({{ identical }})
),

counted as (
    select
        *,
        {% for ids in groups %}{{ ' + ' if not loop.first }}group_{{ loop.index }}{% endfor %} as times
    from captured
),

sums as (
    select
        cast(coalesce(sum(weight), 0) as double) as found,
        cast(coalesce(sum(case when times > 0 then weight end), 0) as double) as found_by_groups,
        cast(coalesce(sum(case when times = 1 then weight end), 0) as double) as once,
        cast(coalesce(sum(case when times = 2 then weight end), 0) as double) as twice,
        cast(coalesce(sum(case when times > 1 then weight end), 0) as double) as again
        {%- for ids in groups %},
        cast(coalesce(sum(case when group_{{ loop.index }} = 1 then weight end), 0) as double) as found_by_{{ loop.index }}
        {%- endfor %}
    from counted
),

estimated as (
    select
        found,
        {%- if groups | length < 2 %}
        cast(null as double) as unseen,
        {%- elif groups | length == 2 %}
        case when again >= 10 then (found_by_1 + 1) * (found_by_2 + 1) / (again + 1) - 1 - found_by_groups end as unseen,
        {%- else %}
        case
            when again >= 10
                then {{ groups | length - 1 }} / cast({{ groups | length }} as double) * once * (once - 1) / (2 * (twice + 1))
        end as unseen,
        {%- endif %}
        -- of those that no group finds, the rules outside the groups find some
        found - found_by_groups as found_by_others
    from sums
)

select
    found,
    case when unseen is not null then greatest(0, unseen - found_by_others) end as missed
from estimated
{%- endmacro %}
