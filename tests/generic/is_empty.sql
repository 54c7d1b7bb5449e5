{# Fails on each row of a relation that lists what is wrong. #}
{% test is_empty(model) %}
select * from {{ model }}
{% endtest %}
