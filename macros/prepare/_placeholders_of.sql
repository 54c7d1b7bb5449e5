{#
    SQL of the values that are no values, one row per field type of `types` and value: dedup__type, dedup__value, dedup__reason. A
    field may be called `value`, and no field has two underscores in its name. The reference list dedup_placeholders belongs to
    the project and can be extended there; `any` in it is every type.
#}
{% macro _placeholders_of(types) -%}
select
    types.field_type as dedup__type,
    listed.value as dedup__value,
    min(listed.reason) as dedup__reason
from (
    {%- for type in types %}
    select '{{ type }}' as field_type
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
) as types
inner join {{ ref('dedup_placeholders') }} as listed on listed.field_type in ('any', types.field_type)
group by types.field_type, listed.value
{%- endmacro %}
