{# The summed squared weight in bits of a list of tokens (see token_code); null where the list is empty. #}
{% macro total_squared_token_weight(tokens) %}
    {{- return(adapter.dispatch('total_squared_token_weight', 'dbt_dedup')(tokens)) -}}
{% endmacro %}

{% macro duckdb__total_squared_token_weight(tokens) %}
    {{- return("list_sum(list_transform(" ~ tokens ~ ", lambda token: (token >> 32) * (token >> 32))) / 1000000.0") -}}
{% endmacro %}

{% macro default__total_squared_token_weight(tokens) %}
    {{- dbt_dedup.unsupported('total_squared_token_weight') -}}
{% endmacro %}
