{# A date from the text `year-month-day`, each a number, null where the calendar has no such day. #}
{% macro parse_iso_date(text) %}
    {{- return(adapter.dispatch('parse_iso_date', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__parse_iso_date(text) %}
    {{- return("try_cast(" ~ text ~ " as date)") -}}
{% endmacro %}

{% macro default__parse_iso_date(text) %}
    {{- dbt_dedup.unsupported('parse_iso_date') -}}
{% endmacro %}
