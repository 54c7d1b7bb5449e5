{#
    Fails on each row that the last run added to a relation which only grows. `last_run` is a relation that the run made anew, with
    its run_id.
#}
{% test last_run_found_nothing(model, last_run) -%}
select * from {{ model }}
where run_id in (
    select distinct run_id from {{ last_run }}
)
{%- endtest %}
