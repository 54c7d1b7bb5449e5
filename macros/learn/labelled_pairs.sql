{#
    SQL of the labelled pairs of an entity whose records exist, one row per pair: record_id_l, record_id_r (in the order of the
    ids), label (1 match, 0 no match), sampled_by and sampling_weight (null where the labels have no such column), input_digest,
    and the two record keys, the smaller first. Pairs labelled `unsure` are left out; without labels there are no rows.
#}
{% macro labelled_pairs(spec) %}
{%- set keyed_records = ref('int_' ~ spec.name ~ '__keyed_records') -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- if spec.labels -%}
with

records as (
    select
        record_id,
        record_key,
        input_digest
    from {{ keyed_records }}
),

labels as (
    -- labels may lack the columns sampled_by and sampling_weight
    {{ dbt_dedup.with_optional_columns(
        ref(spec.labels), {'sampled_by': text_type, 'sampling_weight': text_type}
    ) | indent(4) }}
),

typed_labels as (
    select
        cast(record_id_l as {{ text_type }}) as record_id_l,
        cast(record_id_r as {{ text_type }}) as record_id_r,
        label,
        cast(sampled_by as {{ text_type }}) as sampled_by,
        -- an empty text is no weight
        nullif(cast(sampling_weight as {{ text_type }}), '') as weight_text
    from labels
    where label in ('match', 'no_match')
)

select
    least(l.record_id, r.record_id) as record_id_l,
    greatest(l.record_id, r.record_id) as record_id_r,
    case when labels.label = 'match' then 1 else 0 end as label,
    labels.sampled_by,
    {{ dbt_dedup.parse_number('labels.weight_text') }} as sampling_weight,
    {{ dbt_dedup.input_digest() }} as input_digest,
    least(l.record_key, r.record_key) as record_key_l,
    greatest(l.record_key, r.record_key) as record_key_r
from typed_labels as labels
inner join records as l on labels.record_id_l = l.record_id
inner join records as r on labels.record_id_r = r.record_id
where l.record_key <> r.record_key
{%- else -%}
select
    record_id as record_id_l,
    record_id as record_id_r,
    0 as label,
    cast(null as {{ text_type }}) as sampled_by,
    cast(null as double) as sampling_weight,
    input_digest,
    record_key as record_key_l,
    record_key as record_key_r
from {{ keyed_records }}
where false
{%- endif -%}
{% endmacro %}
