{#
    The end of a query of a model with `incremental: true` that leaves out the rows which its table has already, value by value.
    `rows` names what the query reads, and the first of its `columns` is the key.
#}
{% macro _where_not_known(rows, columns) %}
left join {{ this }} as known on {{ rows }}.{{ columns[0] }} = known.{{ columns[0] }}
where
    known.{{ columns[0] }} is null
    {%- for column in columns[1:] %}
    or {{ rows }}.{{ column }} is distinct from known.{{ column }}
    {%- endfor %}
{%- endmacro %}
