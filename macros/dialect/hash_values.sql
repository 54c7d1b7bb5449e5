{# A 64-bit hash of one or more values, to compare for equality only: it may differ between engine versions. #}
{% macro hash_values(values) %}
    {{- return(adapter.dispatch('hash_values', 'dbt_dedup')(values)) -}}
{% endmacro %}

{% macro duckdb__hash_values(values) %}
    {{- return("hash(" ~ (values | join(", ")) ~ ")" if values | length < 4 else "hash(\n    " ~ values | join(',\n    ') ~ "\n)") -}}
{% endmacro %}

{% macro default__hash_values(values) %}
    {{- dbt_dedup.unsupported('hash_values') -}}
{% endmacro %}
