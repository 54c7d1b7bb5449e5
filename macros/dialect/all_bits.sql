{# An aggregate: the bits that are set in any value of a column. #}
{% macro all_bits(column) %}
    {{- return(adapter.dispatch('all_bits', 'dbt_dedup')(column)) -}}
{% endmacro %}

{% macro duckdb__all_bits(column) %}
    {{- return("bit_or(" ~ column ~ ")") -}}
{% endmacro %}

{% macro default__all_bits(column) %}
    {{- dbt_dedup.unsupported('all_bits') -}}
{% endmacro %}
