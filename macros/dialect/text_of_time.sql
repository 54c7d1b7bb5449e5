{#
    The text of a column of any type, in which a moment (a timestamp with time zone) is the day and time in UTC: as text it would
    be another in every time zone that a session can be set to.
#}
{% macro text_of_time(column) %}
    {{- return(adapter.dispatch('text_of_time', 'dbt_dedup')(column)) -}}
{% endmacro %}

{#- the type is a constant to DuckDB, which keeps one of the two branches -#}
{% macro duckdb__text_of_time(column) %}
    {{- return(dbt_dedup.case_lines(
        ["when typeof(" ~ column ~ ") = 'TIMESTAMP WITH TIME ZONE'\n"
            ~ "    then cast(timezone('UTC', try_cast(" ~ column ~ " as timestamptz)) as varchar)"],
        "cast(" ~ column ~ " as varchar)"
    )) -}}
{% endmacro %}

{% macro default__text_of_time(column) %}
    {{- dbt_dedup.unsupported('text_of_time') -}}
{% endmacro %}
