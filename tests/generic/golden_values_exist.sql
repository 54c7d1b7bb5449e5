{#
    On <entity>: fails on each golden value that the record it comes from does not hold in that form, or whose record is in
    another entity.
#}
{% test golden_values_exist(model, entity, records, crosswalk) %}
{%- set fields = dbt_dedup.entity(entity).fields if execute else [] -%}
with

shown as (
    select
        {%- for field in fields %}
        {{ dbt_dedup.served_value(field) | indent(8) }} as {{ field.name }},
        {%- endfor %}
        record_id
    from {{ records }}
)
{% for field in fields %}
select
    golden.entity_id,
    '{{ field.name }}' as field,
    cast(golden.{{ field.name }} as {{ dbt_dedup.text_type() }}) as golden_value,
    golden.{{ field.name }}__record_id as record_id
from {{ model }} as golden
left join shown on golden.{{ field.name }}__record_id = shown.record_id
left join {{ crosswalk }} as crosswalk on golden.{{ field.name }}__record_id = crosswalk.record_id
where
    golden.{{ field.name }} is not null
    and (
        shown.{{ field.name }} is distinct from golden.{{ field.name }}
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
