{#
    On <entity>: fails on each golden value whose origin in `provenance` is another value or missing, that the record it comes
    from does not hold in that form, or whose record is in another entity.
#}
{% test golden_values_exist(model, entity, provenance, records, crosswalk) %}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set fields = dbt_dedup.entity(entity).fields if execute else [] -%}
with

records as (
    select * from {{ records }}
),

{{ dbt_dedup._meant_ctes('records', fields) }}

golden as (
    {%- for field in fields %}
    select
        entity_id,
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ text_type }}) as value
    from {{ model }}
    where {{ field.name }} is not null
    union all
    {%- endfor %}
    select
        entity_id,
        field,
        value
    from {{ provenance }}
    where false
),

shown as (
    {%- for field in fields %}
    select
        record_id,
        '{{ field.name }}' as field,
        cast({{ dbt_dedup._served_value(field) | indent(8) }} as {{ text_type }}) as value
    from records__meant
    where {{ field.name }} is not null
    union all
    {%- endfor %}
    select
        record_id,
        field,
        value
    from {{ provenance }}
    where false
)

select
    coalesce(golden.entity_id, origin.entity_id) as entity_id,
    coalesce(golden.field, origin.field) as field,
    golden.value as golden_value,
    origin.record_id,
    shown.value as record_value,
    crosswalk.entity_id as record_entity_id
from golden
full outer join {{ provenance }} as origin on golden.entity_id = origin.entity_id and golden.field = origin.field
left join shown on origin.record_id = shown.record_id and origin.field = shown.field
left join {{ crosswalk }} as crosswalk on origin.record_id = crosswalk.record_id
where
    golden.value is distinct from origin.value
    or golden.value is distinct from shown.value
    or golden.entity_id is distinct from crosswalk.entity_id
{% endtest %}
