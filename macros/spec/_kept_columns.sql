{#
    Whether a model with `incremental: true` can go on from the rows that it has, where it compares them value by value: as
    _kept_rows, and the table has `columns` in the types that they have in `relation`.
#}
{% macro _kept_columns(relation, columns) %}
    {%- if not dbt_dedup._kept_rows(columns[0]) -%}{{- return(false) -}}{%- endif -%}
    {%- set types = [] -%}
    {%- for table in [this, relation] -%}
        {%- set found = [] -%}
        {%- for column in adapter.get_columns_in_relation(table) if column.name in columns -%}
            {%- do found.append(column.name ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- do types.append(found | sort) -%}
    {%- endfor -%}
    {{- return(types[0] | length == columns | length and types[0] == types[1]) -}}
{% endmacro %}
