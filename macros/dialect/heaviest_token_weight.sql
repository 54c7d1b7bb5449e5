{# The weight in bits of the rarest token of a list (see token_code); 0 where the list is empty, null where it is null. #}
{% macro heaviest_token_weight(tokens) %}
    {{- return(adapter.dispatch('heaviest_token_weight', 'dbt_dedup')(tokens)) -}}
{% endmacro %}

{% macro duckdb__heaviest_token_weight(tokens) %}
    {{- return("(list_max(" ~ tokens ~ " || [0]) >> 48) / 1000.0") -}}
{% endmacro %}

{% macro default__heaviest_token_weight(tokens) %}
    {{- dbt_dedup.unsupported('heaviest_token_weight') -}}
{% endmacro %}
