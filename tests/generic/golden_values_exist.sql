{#
    On <entity>_provenance: fails on each golden value that the record it comes from does not hold in that form, or whose record
    is in another entity.
#}
{% test golden_values_exist(model, entity, records, crosswalk) %}
{%- set text_type = dbt_dedup.text_type() -%}
with

shown as (
    {%- for field in (dbt_dedup.entity(entity).fields if execute else []) %}
    select
        record_id,
        '{{ field.name }}' as field,
        cast({{ dbt_dedup.served_value(field) | indent(8) }} as {{ text_type }}) as value
    from {{ records }}
    where {{ field.name }} is not null
    union all
    {%- endfor %}
    select
        cast(null as {{ text_type }}) as record_id,
        cast(null as {{ text_type }}) as field,
        cast(null as {{ text_type }}) as value
    where false
)

select
    golden.entity_id,
    golden.field,
    golden.value as golden_value,
    golden.record_id
from {{ model }} as golden
left join shown on golden.record_id = shown.record_id and golden.field = shown.field
left join {{ crosswalk }} as crosswalk on golden.record_id = crosswalk.record_id
where
    shown.value is distinct from golden.value
    or crosswalk.entity_id is distinct from golden.entity_id
{% endtest %}
