{# A pattern of the words in front of a folded family name that say that it is of a whole family or of a couple. #}
{% macro _family_words() %}
    {{- return('(?:familie|famille|famiglia|familia|fam[.]|eheleute|ehepaar)') -}}
{% endmacro %}
