{# True (1) where two lists share an item, false (0) where not, null where a list is null. #}
{% macro item_in_common(column) %}
    {{- return(dbt_dedup.has_shared_item('l.' ~ column, 'r.' ~ column)) -}}
{% endmacro %}
