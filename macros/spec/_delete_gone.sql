{#
    Run before a model with `incremental: true`: deletes its rows whose `key` is not among `present`, a query of the keys that
    stay. Nothing is done if the table is made anew.
#}
{% macro _delete_gone(key, present) %}
    {%- if execute and dbt_dedup._kept_rows() -%}
delete from {{ this }}
where {{ key }} not in ({{ present }})
    {%- endif -%}
{% endmacro %}
