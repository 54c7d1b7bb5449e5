{# Fails on each row of a relation that lists what has to be corrected. #}
{% test is_empty(model) -%}
select * from {{ model }}
{%- endtest %}
