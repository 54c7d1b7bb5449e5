-- each incorrect value that is found and not expected, or the other way round
with

actual as (
    select record_id, field, problem
    from {{ ref('customers_quality_issues') }}
),

expected as (
    select record_id, field, problem
    from {{ ref('expected_problems') }}
)

(select 'found' as side, * from actual except select 'found', * from expected)
union all
(select 'expected' as side, * from expected except select 'expected', * from actual)
