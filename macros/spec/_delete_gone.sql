{#
    Run before a model with `incremental: true`: deletes its rows whose `key` is not among `present`, a query of the keys that
    stay. Nothing is done if the table is made anew; `column` as in _kept_rows.
#}
{% macro _delete_gone(key, present, column='row_hash') %}
    {%- if execute and dbt_dedup._kept_rows(column) -%}
delete from {{ this }}
where {{ key }} not in ({{ present }})
    {%- endif -%}
{% endmacro %}
