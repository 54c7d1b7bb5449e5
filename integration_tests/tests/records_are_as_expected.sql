-- each value that is standardized in another way than seeds/expected_records.csv says
with

actual as (
    select record_id, given_name, family_name, birth_date, email, phone, street, city, postcode
    from {{ ref('stg_customers__records') }}
),

expected as (
    select record_id, given_name, family_name, birth_date, email, phone, street, city, postcode
    from {{ ref('expected_records') }}
)

(select 'found' as side, * from actual except select 'found', * from expected)
union all
(select 'expected' as side, * from expected except select 'expected', * from actual)
