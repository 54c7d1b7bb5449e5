{# The distinct pairs of neighboring letters of a word, with a space at either end. #}
{% macro _letter_pairs(word) %}
    {%- set padded = ' ' ~ word ~ ' ' -%}
    {%- set pairs = [] -%}
    {%- for i in range(padded | length - 1) if padded[i:i + 2] not in pairs -%}{%- do pairs.append(padded[i:i + 2]) -%}{%- endfor -%}
    {{- return(pairs) -}}
{% endmacro %}
