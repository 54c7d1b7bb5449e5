{# How many items of two lists of distinct items only one side has. #}
{% macro unshared_items(column) %}
    {%- set l, r = 'l.' ~ column, 'r.' ~ column -%}
    {{- return(
        "cast(" ~ dbt_dedup.item_count(l) ~ " + " ~ dbt_dedup.item_count(r) ~ " - 2 * "
        ~ dbt_dedup.item_count(dbt_dedup.shared_items(l, r)) ~ " as double)"
    ) -}}
{% endmacro %}
