{#
    The values furthest above (`>`) or below (`<`) zero, at most `count` of them, rounded to one decimal, as text such as
    "email +6.3, phone +2.1"; an empty text where there are none. `values` is a list of [name, SQL of the value].
#}
{% macro extreme_values_text(values, sign, count) %}
    {{- return(adapter.dispatch('extreme_values_text', 'dbt_dedup')(values, sign, count)) -}}
{% endmacro %}

{% macro duckdb__extreme_values_text(values, sign, count) %}
    {%- set items = [] -%}
    {%- for name, value in values -%}
        {%- do items.append("struct_pack(number := round(" ~ value ~ ", 1), name := '" ~ name ~ "')") -%}
    {%- endfor -%}
    {{- return("array_to_string(list_transform(
    list_sort(list_filter([
        " ~ items | join(',\n        ') ~ "
    ], lambda item: item.number " ~ sign ~ " 0), '" ~ ('DESC' if sign == '>' else 'ASC') ~ "', 'NULLS LAST')[1:" ~ count ~ "],
    lambda item: item.name || ' ' || format('{:+.1f}', item.number)
), ', ')") -}}
{% endmacro %}

{% macro default__extreme_values_text(values, sign, count) %}
    {{- dbt_dedup.unsupported('extreme_values_text') -}}
{% endmacro %}
