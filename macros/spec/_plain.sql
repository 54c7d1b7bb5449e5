{# A value for a message: one line of at most 200 characters, without those that a terminal obeys or that turn the direction of writing. #}
{% macro _plain(value) %}
    {%- set text = modules.re.sub('[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]', '?', value | string) -%}
    {{- return(text if text | length <= 200 else text[:200] ~ '...') -}}
{% endmacro %}
