{#
    int_<entity>__label_problems, one row per label and problem: what has to be corrected in the labels before training reads
    them. `problem` is
    - unknown_label: the label is not match, no_match or unsure;
    - unknown_record: the input has no record `missing_record_id`; a label that names two such records has two rows;
    - contradiction: the same pair is labelled both match and no_match.
#}
{% macro label_problems(entity_name) %}
{#- read by training, right after new labels came -#}
{%- do config(materialized='view') -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

records as (
    select record_id from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

labels as (
    {%- if spec.labels %}
    select
        cast(record_id_l as {{ text_type }}) as record_id_l,
        cast(record_id_r as {{ text_type }}) as record_id_r,
        cast(label as {{ text_type }}) as label
    from {{ ref(spec.labels) }}
    {%- else %}
    select
        record_id as record_id_l,
        record_id as record_id_r,
        cast(null as {{ text_type }}) as label
    from records
    where false
    {%- endif %}
),

named_records as (
    select
        *,
        record_id_l as named_record_id
    from labels
    union all
    select
        *,
        record_id_r as named_record_id
    from labels
),

ordered as (
    select
        *,
        least(record_id_l, record_id_r) as smaller_record_id,
        greatest(record_id_l, record_id_r) as larger_record_id
    from labels
    where label in ('match', 'no_match')
),

contradictions as (
    select
        smaller_record_id,
        larger_record_id
    from ordered
    group by smaller_record_id, larger_record_id
    having count(distinct label) > 1
),

final as (
    select
        'unknown_label' as problem,
        record_id_l,
        record_id_r,
        label,
        cast(null as {{ text_type }}) as missing_record_id
    from labels
    where label is null or label not in ('match', 'no_match', 'unsure')
    union all
    select
        'unknown_record' as problem,
        named_records.record_id_l,
        named_records.record_id_r,
        named_records.label,
        named_records.named_record_id as missing_record_id
    from named_records
    left join records on named_records.named_record_id = records.record_id
    where records.record_id is null
    union all
    select
        'contradiction' as problem,
        ordered.record_id_l,
        ordered.record_id_r,
        ordered.label,
        cast(null as {{ text_type }}) as missing_record_id
    from ordered
    inner join contradictions
        on ordered.smaller_record_id = contradictions.smaller_record_id
        and ordered.larger_record_id = contradictions.larger_record_id
)

select * from final
{% endmacro %}
