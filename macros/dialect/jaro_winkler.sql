{# Jaro-Winkler similarity in [0, 1] (Winkler 1990), prefix weight 0.1 up to 4 characters. #}
{% macro jaro_winkler(l, r) %}
    {{- return(adapter.dispatch('jaro_winkler', 'dbt_dedup')(l, r)) -}}
{% endmacro %}

{% macro duckdb__jaro_winkler(l, r) %}
    {{- return("jaro_winkler_similarity(" ~ l ~ ", " ~ r ~ ")") -}}
{% endmacro %}

{% macro default__jaro_winkler(l, r) %}
    {{- dbt_dedup.unsupported('jaro_winkler') -}}
{% endmacro %}
