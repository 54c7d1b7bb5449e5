{# The words, as one pattern, that Chinese, Japanese and Korean write behind a name as others write `Mr.` before it. #}
{% macro _honorifics() %}
    {{- return('先生|女士|小姐|太太|様|さん|さま|씨|님') -}}
{% endmacro %}
