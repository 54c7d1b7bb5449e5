{# A timestamp in UTC from text in ISO 8601, null where it is none. A time without an offset is taken as it is. #}
{% macro parse_timestamp(text) %}
    {{- return(adapter.dispatch('parse_timestamp', 'dbt_dedup')(text)) -}}
{% endmacro %}

{#- a cast to timestamp reads an offset and leaves it out -#}
{% macro duckdb__parse_timestamp(text) %}
    {{- return(dbt_dedup.case_lines(
        ["when (contains(substr(" ~ text ~ ", 14), '+') or contains(substr(" ~ text ~ ", 14), '-'))\n"
            ~ "    and regexp_matches(" ~ text ~ ", ':[0-9.]+ ?[+-][0-9]{2}(:?[0-9]{2})?\\s*$')\n"
            ~ "    then make_timestamp(epoch_us(try_cast(" ~ text ~ " as timestamptz)))"],
        "try_cast(" ~ text ~ " as timestamp)"
    )) -}}
{% endmacro %}

{% macro default__parse_timestamp(text) %}
    {{- dbt_dedup.unsupported('parse_timestamp') -}}
{% endmacro %}
