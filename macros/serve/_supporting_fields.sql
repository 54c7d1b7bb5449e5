{# The fields whose values support one of a field: the e-mail addresses of a name, and the names of an e-mail address. #}
{% macro _supporting_fields(spec, field) %}
    {%- set names = ['given_name', 'family_name', 'full_name'] -%}
    {%- set supporting = ['email'] if field.type in names else names if field.type == 'email' else [] -%}
    {{- return(spec.fields | selectattr('type', 'in', supporting) | list) -}}
{% endmacro %}
