{# A pattern of words for "and" that are letters or names elsewhere: they join two people only where they alone are written small. #}
{% macro _small_words_between_people() %}
    {{- return('e|i|en|og|och|ve|ja|és|и') -}}
{% endmacro %}
