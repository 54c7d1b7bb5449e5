{# The distinct values of some columns of a relation as a list, without nulls; null where all of them are null. #}
{% macro listed_values(columns, relation) %}
    {{- return(adapter.dispatch('listed_values', 'dbt_dedup')(columns, relation)) -}}
{% endmacro %}

{% macro duckdb__listed_values(columns, relation) %}
    {%- set values = [] -%}
    {%- for column in columns -%}{%- do values.append(relation ~ '.' ~ column) -%}{%- endfor -%}
    {{- return(
        "case\n    when coalesce(" ~ values | join(', ') ~ ") is not null\n        then list_distinct([" ~ values | join(', ') ~ "])\nend"
    ) -}}
{% endmacro %}

{% macro default__listed_values(columns, relation) %}
    {{- dbt_dedup.unsupported('listed_values') -}}
{% endmacro %}
