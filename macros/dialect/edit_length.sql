{#
    The length of a text in the units that edit_distance counts: its distance from the empty text. In DuckDB that is bytes up to
    2.0.0 and characters from 2.0.1, which in ASCII is the same.
#}
{% macro edit_length(text) %}
    {{- return(adapter.dispatch('edit_length', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__edit_length(text) %}
    {{- return("levenshtein('', " ~ text ~ ")") -}}
{% endmacro %}

{% macro default__edit_length(text) %}
    {{- dbt_dedup.unsupported('edit_length') -}}
{% endmacro %}
