{# What a column that is the same in all rows of a model with `incremental: true` says; none without the table or the column. #}
{% macro _made_by(relation, column) %}
    {%- set built = load_relation(relation) if execute else none -%}
    {%- if not built or column not in adapter.get_columns_in_relation(built) | map(attribute='name') | list -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(run_query('select max(' ~ column ~ ') from ' ~ built).rows[0][0]) -}}
{% endmacro %}
