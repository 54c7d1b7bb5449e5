{#
    What `dbt-dedup why` needs besides the built tables: the blocking rules, and SQL over relations that Python registers. Over
    `dedup_requested_pairs` (record_key_l < record_key_r): `features`, as pair_features. Over `dedup_grouped_records` (record_key,
    group_key): `never`, the pairs inside a group that a rule rules out; null if the entity has no such rule. Over
    `dedup_asked_ids` (record_id): `nearest`, the ids that are spelled most alike.
#}
{% macro _why(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set keyed_records = ref('int_' ~ entity_name ~ '__keyed_records') -%}
{%- set never -%}
with

grouped as (
    select * from dedup_grouped_records
),

records as (
    select
        grouped.group_key,
        keyed_records.*
    from grouped
    inner join {{ keyed_records }} as keyed_records on grouped.record_key = keyed_records.record_key
    where keyed_records.record_key in (select record_key from grouped)
),

ruled_out as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        {{ dbt_dedup._never_rule(spec) | indent(8) }} as never_rule
    from records as l
    inner join records as r
        on l.group_key = r.group_key
        and l.record_key < r.record_key
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
    'never': never | string if spec.never else none,
    'nearest': nearest | string,
}) -}}
{% endmacro %}
