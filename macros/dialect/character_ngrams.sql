{# The distinct character n-grams of the first characters of a text; the text itself where it is shorter; null for null. #}
{% macro character_ngrams(text, size, longest) %}
    {{- return(adapter.dispatch('character_ngrams', 'dbt_dedup')(text, size, longest)) -}}
{% endmacro %}

{% macro duckdb__character_ngrams(text, size, longest) %}
    {#- least() and greatest() pass over nulls, so a null text needs its own case -#}
    {{- return("case when " ~ text ~ " is not null then list_sort(list_distinct(list_transform(
    range(1, greatest(2, least(length(" ~ text ~ "), " ~ longest ~ ") - " ~ size ~ " + 2)),
    lambda i: substr(" ~ text ~ ", i, " ~ size ~ ")
)), 'ASC', 'NULLS LAST') end") -}}
{% endmacro %}

{% macro default__character_ngrams(text, size, longest) %}
    {{- dbt_dedup.unsupported('character_ngrams') -}}
{% endmacro %}
