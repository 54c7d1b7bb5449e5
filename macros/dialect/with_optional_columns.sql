{#
    SQL of a relation in which columns may be missing: `columns` is {name: type}, and a column that the relation does not have
    is null in every row. The text must not depend on what the warehouse holds, if the engine allows it: it would compile
    differently before the relation is built.
#}
{% macro with_optional_columns(relation, columns) %}
    {{- return(adapter.dispatch('with_optional_columns', 'dbt_dedup')(relation, columns)) -}}
{% endmacro %}

{% macro duckdb__with_optional_columns(relation, columns) %}
    {%- set missing = [] -%}
    {%- for name, type in columns.items() -%}{%- do missing.append('cast(null as ' ~ type ~ ') as ' ~ name) -%}{%- endfor -%}
    {{- return('select * from ' ~ relation ~ '\nunion all by name\nselect\n    ' ~ missing | join(',\n    ') ~ '\nwhere false') -}}
{% endmacro %}

{% macro default__with_optional_columns(relation, columns) %}
    {{- dbt_dedup.unsupported('with_optional_columns') -}}
{% endmacro %}
