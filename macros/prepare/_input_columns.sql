{# Name and type of each column of the input, which may be a file: a source with an external_location of dbt-duckdb. #}
{% macro _input_columns(relation) %}
    {%- if relation.external is not defined or not relation.external -%}
        {{- return(adapter.get_columns_in_relation(relation)) -}}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for row in run_query('describe select * from ' ~ relation).rows -%}
        {%- do columns.append(api.Column.create(row[0], row[1])) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}
