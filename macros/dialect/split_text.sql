{# The list of the parts of a text between separators. #}
{% macro split_text(text, separator) %}
    {{- return(adapter.dispatch('split_text', 'dbt_dedup')(text, separator)) -}}
{% endmacro %}

{% macro duckdb__split_text(text, separator) %}
    {{- return("string_split(" ~ text ~ ", '" ~ separator ~ "')") -}}
{% endmacro %}

{% macro default__split_text(text, separator) %}
    {{- dbt_dedup.unsupported('split_text') -}}
{% endmacro %}
