{# Jaccard overlap of two lists of distinct items: shared / all; null where a list is null or both are empty. #}
{% macro list_overlap(column) %}
    {%- set l, r = 'l.' ~ column, 'r.' ~ column -%}
    {%- set shared = dbt_dedup.item_count(dbt_dedup.shared_items(l, r)) -%}
    {{- return(
        "case when " ~ l ~ " = " ~ r ~ " then case when " ~ dbt_dedup.item_count(l) ~ " > 0 then 1.0 end else cast(" ~ shared ~ " as double) / nullif("
        ~ dbt_dedup.item_count(l) ~ " + " ~ dbt_dedup.item_count(r) ~ " - " ~ shared ~ ", 0) end"
    ) -}}
{% endmacro %}
