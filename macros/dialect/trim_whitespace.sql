{# A text without the whitespace around it: blanks, tabs, line ends and the no-break space. #}
{% macro trim_whitespace(text) %}
    {{- return(adapter.dispatch('trim_whitespace', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__trim_whitespace(text) %}
    {{- return("trim(" ~ text ~ ", e' \\t\\n\\r\u00a0')") -}}
{% endmacro %}

{% macro default__trim_whitespace(text) %}
    {{- dbt_dedup.unsupported('trim_whitespace') -}}
{% endmacro %}
