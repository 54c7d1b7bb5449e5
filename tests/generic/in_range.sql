{# Fails on each value outside [min_value, max_value]. A bound that is not given is not checked; null passes. #}
{% test in_range(model, column_name, min_value=none, max_value=none) -%}
select {{ column_name }} as out_of_range
from {{ model }}
where
    false
    {%- if min_value is not none %}
    or {{ column_name }} < {{ min_value }}
    {%- endif %}
    {%- if max_value is not none %}
    or {{ column_name }} > {{ max_value }}
    {%- endif %}
{%- endtest %}
