{# The summed weight in bits of a list of tokens (see token_code); 0 where the list is empty, null where it is null. #}
{% macro total_token_weight(tokens) %}
    {{- return(adapter.dispatch('total_token_weight', 'dbt_dedup')(tokens)) -}}
{% endmacro %}

{% macro duckdb__total_token_weight(tokens) %}
    {{- return("list_sum(list_transform(
    " ~ tokens ~ " || [0],
    lambda token: token >> 48
)) / 1000.0") -}}
{% endmacro %}

{% macro default__total_token_weight(tokens) %}
    {{- dbt_dedup.unsupported('total_token_weight') -}}
{% endmacro %}
