{#
    SQL of the fields that count most for (`>`) or against (`<`) a match, with their weight in log2 odds, as text such as
    "email +6.3, phone +2.1". Reads the columns weight_<field> of `scores`.
#}
{% macro strongest_reasons(scores, fields, sign) %}
    {%- set weights = [] -%}
    {%- for field in fields -%}{%- do weights.append([field, scores ~ '.weight_' ~ field]) -%}{%- endfor -%}
    {{- return(dbt_dedup.extreme_values_text(weights, sign, dbt_dedup.method_constants().reasons)) -}}
{% endmacro %}
