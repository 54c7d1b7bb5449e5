{#
    int_<entity>__golden_checks, one row per entity of two or more records and field that the true values know: whether the golden
    value is right, and whether any record has a right value. An entity is checked against the true entity of most of its records;
    one without such a majority is left out, because no golden record of it could be right. A value is right if it is one of the
    right values as the golden record shows them, in letter case and diacritics too.
#}
{% macro golden_checks(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- do dbt_dedup._allow_many_fields(spec) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{#- read while dbt parses the project too, so that it knows what the model depends on -#}
{%- for name in [spec.truth_values, spec.truth] if spec.truth_values -%}{%- do ref(name) -%}{%- endfor -%}
{%- set records = ref('stg_' ~ entity_name ~ '__records') -%}
{%- set entities = ref('int_' ~ entity_name ~ '__entities') -%}
{%- set golden_values = ref('int_' ~ entity_name ~ '__golden_values') -%}
{%- set true_values = ref('int_' ~ entity_name ~ '__true_values') -%}
{%- set fields = dbt_dedup._fields_with_truth(spec) %}
with
{% if fields %}
records as (
    select * from {{ records }}
),

entities as (
    select * from {{ entities }}
),

golden_values as (
    select * from {{ golden_values }}
),

true_values as (
    select * from {{ true_values }}
),

known_records as (
    select
        entities.entity_id,
        entities.record_id,
        entities.records_in_entity,
        cast(truth.entity_id as {{ text_type }}) as true_entity_id
    from entities
    inner join {{ ref(spec.truth) }} as truth on entities.record_id = cast(truth.record_id as {{ text_type }})
    where entities.records_in_entity > 1
),

majorities as (
    select
        entity_id,
        true_entity_id
    from known_records
    group by entity_id, true_entity_id
    having count(*) * 2 > max(records_in_entity)
),

right_values as (
    select
        majorities.entity_id,
        true_values.field,
        true_values.value,
        true_values.shown
    from majorities
    inner join true_values on majorities.true_entity_id = true_values.entity_id
),

known_values as (
    select
        known_records.entity_id,
        records.*
    from known_records
    inner join records on known_records.record_id = records.record_id
),

{{ dbt_dedup._meant_ctes('known_values', fields) }}

record_values as (
    {%- for field in fields %}
    select
        entity_id,
        record_id,
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ text_type }}) as value,
        cast({{ dbt_dedup._served_value(field) | indent(8) }} as {{ text_type }}) as shown
    from known_values__meant
    where {{ field.name }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

right_records as (
    select
        record_values.entity_id,
        record_values.field,
        record_values.record_id,
        max(case when {{ dbt_dedup._is_right(fields, 'record_values') | indent(8) }} then 1 else 0 end) as is_right,
        max(case when {{ dbt_dedup._is_right(fields, 'record_values', 'value') | indent(8) }} then 1 else 0 end) as is_right_standardized
    from record_values
    inner join right_values
        on record_values.entity_id = right_values.entity_id
        and record_values.field = right_values.field
    group by record_values.entity_id, record_values.field, record_values.record_id
),

right_fields as (
    select
        entity_id,
        field,
        max(is_right) as is_right,
        max(is_right_standardized) as is_right_standardized
    from right_records
    group by entity_id, field
),

served as (
    {%- for field in fields %}
    select
        entity_id,
        '{{ field.name }}' as field,
        {{ field.name }}__record_id as record_id,
        cast({{ field.name }} as {{ text_type }}) as shown
    from golden_values
    where record_count > 1 and {{ field.name }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

right_served as (
    select
        served.entity_id,
        served.field,
        max(case when {{ dbt_dedup._is_right(fields, 'served') | indent(8) }} then 1 else 0 end) as is_right
    from served
    inner join right_values
        on served.entity_id = right_values.entity_id
        and served.field = right_values.field
    group by served.entity_id, served.field
),

checked as (
    select
        majorities.entity_id,
        majorities.true_entity_id,
        right_fields.field,
        served.shown as golden_value,
        coalesce(right_served.is_right, 0) = 1 as is_right,
        coalesce(of_golden.is_right_standardized, 0) = 1 as is_right_standardized,
        right_fields.is_right = 1 as any_right,
        right_fields.is_right_standardized = 1 as any_right_standardized
    from majorities
    inner join right_fields on majorities.entity_id = right_fields.entity_id
    left join served
        on right_fields.entity_id = served.entity_id
        and right_fields.field = served.field
    left join right_served
        on right_fields.entity_id = right_served.entity_id
        and right_fields.field = right_served.field
    left join right_records as of_golden
        on served.entity_id = of_golden.entity_id
        and served.field = of_golden.field
        and served.record_id = of_golden.record_id
),
{% endif %}
final as (
    {%- if fields %}
    select * from checked
    {%- else %}
    select
        cast(null as {{ text_type }}) as entity_id,
        cast(null as {{ text_type }}) as true_entity_id,
        cast(null as {{ text_type }}) as field,
        cast(null as {{ text_type }}) as golden_value,
        cast(null as boolean) as is_right,
        cast(null as boolean) as is_right_standardized,
        cast(null as boolean) as any_right,
        cast(null as boolean) as any_right_standardized
    where false
    {%- endif %}
)

select * from final
{% endmacro %}
