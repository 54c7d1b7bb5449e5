{# Run before a model with `incremental: true` that has a run_id: the rows that it keeps are those of this run too. #}
{% macro _mark_run() %}
    {%- if execute and dbt_dedup._kept_rows() -%}
update {{ this }}
set run_id = '{{ invocation_id }}'
    {%- endif -%}
{% endmacro %}
