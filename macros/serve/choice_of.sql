{# The name of the choice (see survivorship) that a field belongs to. #}
{% macro choice_of(choices, field_name) %}
    {%- for choice in choices if field_name in choice.fields | map(attribute='name') -%}
        {{- return(choice.name) -}}
    {%- endfor -%}
{% endmacro %}
