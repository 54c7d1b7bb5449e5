{# On <entity>: fails on each golden value that the record it names does not hold, or whose record is in another entity. #}
{% test golden_values_exist(model, records, crosswalk, fields) %}
{%- for field in fields %}
select
    golden.entity_id,
    '{{ field }}' as field,
    cast(golden.{{ field }} as varchar) as golden_value,
    golden.{{ field }}__record_id as record_id
from {{ model }} as golden
left join {{ records }} as records on golden.{{ field }}__record_id = records.record_id
left join {{ crosswalk }} as crosswalk on golden.{{ field }}__record_id = crosswalk.record_id
where
    golden.{{ field }} is not null
    and (
        records.{{ field }} is distinct from golden.{{ field }}
        or crosswalk.entity_id is distinct from golden.entity_id
    )
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{% endtest %}
