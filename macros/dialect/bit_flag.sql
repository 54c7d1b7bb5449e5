{# A bigint with one bit set: bit `number`, from 0 to 62. `number` is an integer or the SQL of one. #}
{% macro bit_flag(number) %}
    {{- return(adapter.dispatch('bit_flag', 'dbt_dedup')(number)) -}}
{% endmacro %}

{% macro duckdb__bit_flag(number) %}
    {{- return("cast(1 as bigint) << " ~ number) -}}
{% endmacro %}

{% macro default__bit_flag(number) %}
    {{- dbt_dedup.unsupported('bit_flag') -}}
{% endmacro %}
