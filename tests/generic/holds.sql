{# Fails on each row for which a condition is false or unknown. #}
{% test holds(model, condition) -%}
select * from {{ model }}
where not coalesce({{ condition }}, false)
{%- endtest %}
