{# Whether a bit mask has bit `number` set. `number` is an integer or the SQL of one. #}
{% macro has_bit(mask, number) %}
    {{- return(adapter.dispatch('has_bit', 'dbt_dedup')(mask, number)) -}}
{% endmacro %}

{% macro duckdb__has_bit(mask, number) %}
    {{- return(mask ~ " & (" ~ dbt_dedup.bit_flag(number) ~ ") <> 0") -}}
{% endmacro %}

{% macro default__has_bit(mask, number) %}
    {{- dbt_dedup.unsupported('has_bit') -}}
{% endmacro %}
