{# On <entity>_profile: fails on each field that is less complete than its floor (share of records with a usable value). #}
{% test field_is_complete_enough(model, column_name, floors) %}
select
    field,
    {{ column_name }} as completeness,
    case field
        {%- for field, floor in floors.items() %}
        when '{{ field }}' then {{ floor }}
        {%- endfor %}
    end as floor
from {{ model }}
where
    records > 0
    and {{ column_name }} < case field
        {%- for field, floor in floors.items() %}
        when '{{ field }}' then {{ floor }}
        {%- endfor %}
    end
{% endtest %}
