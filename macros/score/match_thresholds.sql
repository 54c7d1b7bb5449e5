{#
    int_<entity>__match_thresholds, one row: the probabilities from which on a pair is a match, or waits for a person, and
    whether the spec or training chose each. `auto` in the spec takes what the card of the model in production says; with
    `dbt build --empty` no card is read and `auto` is 1.
#}
{% macro match_thresholds(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set declared = spec.thresholds -%}
{%- set chosen_by = {} -%}
{%- for key in ['match', 'review'] -%}
    {%- do chosen_by.update({key: 'training' if declared[key] == 'auto' else 'spec'}) -%}
{%- endfor -%}
{%- set compiled = dbt_dedup._compiled_model(entity_name) if spec.scoring == 'sql' else none -%}
with

trained as (
    {%- if compiled %}
    select
        {{ compiled.thresholds.match }} as match_threshold,
        {{ compiled.thresholds.review }} as review_threshold
    {%- elif flags.EMPTY %}
    select
        1.0 as match_threshold,
        1.0 as review_threshold
    {%- else %}
    select
        max(match_threshold) as match_threshold,
        max(review_threshold) as review_threshold
    from {{ ref('int_' ~ entity_name ~ '__parity') }}
    {%- endif %}
),

chosen as (
    select
        {{ 'match_threshold' if declared.match == 'auto' else declared.match }} as match_threshold,
        {{ 'review_threshold' if declared.review == 'auto' else declared.review }} as review_threshold
    from trained
),

final as (
    select
        cast(match_threshold as double) as match_threshold,
        cast(least(review_threshold, match_threshold) as double) as review_threshold,
        '{{ chosen_by.match }}' as match_chosen_by,
        '{{ chosen_by.review }}' as review_chosen_by
    from chosen
)

select * from final
{% endmacro %}
