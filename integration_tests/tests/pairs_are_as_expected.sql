-- each pair that is proposed by other rules, or compares in another way, than seeds/expected_pairs.csv says
with

records as (
    select record_id, record_key
    from {{ ref('int_customers__keyed_records') }}
),

features as (
    select *
    from {{ ref('int_customers__pair_features') }}
),

pairs as (
    select *
    from {{ ref('int_customers__candidate_pairs') }}
),

actual as (
    select
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        cast(pairs.rule_mask as integer) as rule_mask,
        round(features.given_name_nickname, 4) as given_name_nickname,
        round(features.given_name_exact, 4) as given_name_exact,
        round(features.family_name_edit, 4) as family_name_edit,
        round(features.birth_date_parts, 4) as birth_date_parts,
        round(features.email_exact, 4) as email_exact
    from pairs
    inner join features
        on pairs.record_key_l = features.record_key_l and pairs.record_key_r = features.record_key_r
    inner join records as l on pairs.record_key_l = l.record_key
    inner join records as r on pairs.record_key_r = r.record_key
),

expected as (
    select *
    from {{ ref('expected_pairs') }}
)

(select 'found' as side, * from actual except select 'found', * from expected)
union all
(select 'expected' as side, * from expected except select 'expected', * from actual)
