{#
    What `dbt-dedup why` needs besides the built tables: the blocking rules, and SQL over relations that Python registers. Over
    `dedup_requested_pairs` (record_key_l < record_key_r): `features`, as pair_features, and `never`, the pairs that a rule rules
    out. Over `dedup_asked_ids` (record_id): `nearest`, the ids that are spelled most alike.
#}
{% macro _why(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set keyed_records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
{%- set never -%}
with

pairs as (
    select * from dedup_requested_pairs
),

records as (
    select * from {{ keyed_records }}
    where record_key in (
        select record_key_l from pairs
        union all
        select record_key_r from pairs
    )
),

ruled_out as (
    select
        pairs.record_key_l,
        pairs.record_key_r,
        {{ dbt_dedup._never_rule(spec) | indent(8) }} as never_rule
    from pairs
    inner join records as l on pairs.record_key_l = l.record_key
    inner join records as r on pairs.record_key_r = r.record_key
)

select * from ruled_out
where never_rule is not null
{%- endset -%}
{%- set nearest -%}
with

compared as (
    select
        asked.record_id as asked_id,
        records.record_id,
        {{ dbt_dedup.edit_distance('asked.record_id', 'records.record_id') }} as distance
    from dedup_asked_ids as asked
    cross join {{ keyed_records }} as records
),

ranked as (
    select
        asked_id,
        record_id,
        row_number() over (partition by asked_id order by distance asc, record_id asc) as nearness
    from compared
)

select * from ranked
where nearness <= 3
{%- endset -%}
{{- return({
    'rules': spec.blocking,
    'max_block_size': spec.max_block_size,
    'features': dbt_dedup.pair_features(entity_name, 'dedup_requested_pairs', are_few=true),
    'never': never | string,
    'nearest': nearest | string,
}) -}}
{% endmacro %}
