{# The length of the longest item of a list of texts that a text contains; 0 where it contains none. #}
{% macro longest_item_inside(items, text) %}
    {{- return(adapter.dispatch('longest_item_inside', 'dbt_dedup')(items, text)) -}}
{% endmacro %}

{% macro duckdb__longest_item_inside(items, text) %}
    {{- return("list_max(list_transform(
    " ~ items ~ " || [''],
    lambda item: case when contains(" ~ text ~ ", item) then length(item) else 0 end
))") -}}
{% endmacro %}

{% macro default__longest_item_inside(items, text) %}
    {{- dbt_dedup.unsupported('longest_item_inside') -}}
{% endmacro %}
