{# The generation at the end of a name in its short form: jr, sr, ii, iii or iv. #}
{% macro short_generation(word) %}
    {{- return("replace(replace(" ~ word ~ ", 'junior', 'jr'), 'senior', 'sr')") -}}
{% endmacro %}
