{#
    On <entity>: fails on each golden value that the record it names does not hold in that form, or whose record is in another
    entity.
#}
{% test golden_values_exist(model, entity, records, crosswalk) %}
{%- set fields = dbt_dedup.entity(entity).fields if execute else [] -%}
{%- for field in fields %}
select
    golden.entity_id,
    '{{ field.name }}' as field,
    cast(golden.{{ field.name }} as varchar) as golden_value,
    golden.{{ field.name }}__record_id as record_id
from {{ model }} as golden
left join {{ records }} as records on golden.{{ field.name }}__record_id = records.record_id
left join {{ crosswalk }} as crosswalk on golden.{{ field.name }}__record_id = crosswalk.record_id
where
    golden.{{ field.name }} is not null
    and (
        {{ dbt_dedup.served_value(field, 'records') }} is distinct from golden.{{ field.name }}
        or crosswalk.entity_id is distinct from golden.entity_id
    )
union all
{%- endfor %}
select
    null as entity_id,
    null as field,
    null as golden_value,
    null as record_id
where false
{% endtest %}
