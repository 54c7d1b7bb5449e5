{# 1 where two lists share an item, 0 where not, null where a list is null. #}
{% macro item_in_common(column) %}
    {{- return("cast(" ~ dbt_dedup.has_shared_item('l.' ~ column, 'r.' ~ column) ~ " as double)") -}}
{% endmacro %}
