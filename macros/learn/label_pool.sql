{#
    SQL that `dbt-dedup label` runs when a session starts, one row per pair: its features, record ids and keys, and
    - for at most `pool_pairs` candidate pairs without an answer, the pool that the session asks from: label is null, lot is a
      number that depends on the record ids alone, and is_set_apart holds for one pair in `set_apart`, kept for random sampling;
    - for each pair labelled match or no_match whose records exist: label; lot is null.

    `labels` is a relation of the answers so far, with record_id_l, record_id_r and label. It is not the labels seed, because
    the file has answers that are not in the warehouse yet.
#}
{% macro label_pool(entity_name, labels, pool_pairs, set_apart) %}
{%- set pairs -%}
with

labels as (
    select * from {{ labels }}
),

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

candidate_pairs as (
    select * from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

answers as (
    select
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r,
        case when labels.label in ('match', 'no_match') then labels.label end as label
    from labels
    inner join records as l on labels.record_id_l = l.record_id
    inner join records as r on labels.record_id_r = r.record_id
),

answered as (
    select
        record_key_l,
        record_key_r,
        min(label) as label
    from answers
    group by record_key_l, record_key_r
),

drawn as (
    select
        candidate_pairs.record_key_l,
        candidate_pairs.record_key_r
    from candidate_pairs
    left join answered
        on candidate_pairs.record_key_l = answered.record_key_l
        and candidate_pairs.record_key_r = answered.record_key_r
    where answered.record_key_l is null
    order by
        {{ dbt_dedup.hash_values(['candidate_pairs.record_key_l', 'candidate_pairs.record_key_r']) }} asc,
        candidate_pairs.record_key_l asc,
        candidate_pairs.record_key_r asc
    limit {{ pool_pairs }}
),

named as (
    select
        drawn.record_key_l,
        drawn.record_key_r,
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        least(l.record_id, r.record_id) || ' ' || greatest(l.record_id, r.record_id) as pair_name
    from drawn
    inner join records as l on drawn.record_key_l = l.record_key
    inner join records as r on drawn.record_key_r = r.record_key
),

pool as (
    select
        *,
        {{ dbt_dedup.text_number('pair_name') }} as lot
    from named
)

select
    record_key_l,
    record_key_r,
    record_id_l,
    record_id_r,
    cast(null as {{ dbt_dedup.text_type() }}) as label,
    lot,
    lot % {{ set_apart }} = 0 as is_set_apart
from pool
union all
select
    answered.record_key_l,
    answered.record_key_r,
    l.record_id as record_id_l,
    r.record_id as record_id_r,
    answered.label,
    null as lot,
    false as is_set_apart
from answered
inner join records as l on answered.record_key_l = l.record_key
inner join records as r on answered.record_key_r = r.record_key
where answered.label is not null and answered.record_key_l <> answered.record_key_r
{%- endset -%}
{{- dbt_dedup.pair_features(
    entity_name,
    pairs | string,
    carry=['record_id_l', 'record_id_r', 'label', 'lot', 'is_set_apart'],
) -}}
{% endmacro %}
