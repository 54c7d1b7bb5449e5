{#
    The three fields that speak most for (`>`) or against (`<`) a match, with their weight in log2 odds, as text such as
    "email +6.3, phone +2.1". Reads the columns weight_<field>.
#}
{% macro strongest_reasons(fields, sign) %}
    {{- return(adapter.dispatch('strongest_reasons', 'dbt_dedup')(fields, sign)) -}}
{% endmacro %}

{% macro duckdb__strongest_reasons(fields, sign) %}
    {%- set weights = [] -%}
    {%- for field in fields -%}
        {%- do weights.append("struct_pack(weight := round(pair_scores.weight_" ~ field ~ ", 1), field := '" ~ field ~ "')") -%}
    {%- endfor -%}
    {%- set sorted = 'list_reverse_sort' if sign == '>' else 'list_sort' -%}
    {{- return(
        "array_to_string(list_transform(" ~ sorted ~ "(list_filter([" ~ (weights | join(", ")) ~ "], lambda reason: reason.weight "
        ~ sign ~ " 0))[1:3], lambda reason: reason.field || ' ' || format('{:+.1f}', reason.weight)), ', ')"
    ) -}}
{% endmacro %}

{% macro default__strongest_reasons(fields, sign) %}
    {{- dbt_dedup.unsupported('strongest_reasons') -}}
{% endmacro %}
