{# Levenshtein distance: insertions, deletions and substitutions, in the units of edit_length. #}
{% macro edit_distance(l, r) %}
    {{- return(adapter.dispatch('edit_distance', 'dbt_dedup')(l, r)) -}}
{% endmacro %}

{% macro duckdb__edit_distance(l, r) %}
    {{- return("levenshtein(" ~ l ~ ", " ~ r ~ ")") -}}
{% endmacro %}

{% macro default__edit_distance(l, r) %}
    {{- dbt_dedup.unsupported('edit_distance') -}}
{% endmacro %}
