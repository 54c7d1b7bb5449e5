{# A folded text with umlauts that are spelled out (`muehle`) as the letters that folding leaves of umlauts (`muhle`). #}
{% macro _letters_of_umlauts(text) %}
    {{- return("replace(replace(replace(" ~ text ~ ", 'ae', 'a'), 'oe', 'o'), 'ue', 'u')") -}}
{% endmacro %}
