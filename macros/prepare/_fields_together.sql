{#
    Fields of several types that say something about one thing, such as the city and the postcode of one address: lists with one
    field of each type. Names tell them apart where a type has several fields: home_city goes with home_postcode.
#}
{% macro _fields_together(spec, types) %}
    {%- set groups = {} -%}
    {%- for type in types -%}
        {%- set fields = spec.fields | selectattr('type', 'equalto', type) | list -%}
        {%- for field in fields -%}
            {%- set words = field.name.split('_') -%}
            {%- set prefix = '' if fields | length == 1 else field.name | replace(type, '') | replace(words[-1], '') -%}
            {%- do groups.setdefault(prefix, {}).update({type: field}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set together = [] -%}
    {%- for group in groups.values() if group | length == types | length -%}
        {%- set fields = [] -%}
        {%- for type in types -%}{%- do fields.append(group[type]) -%}{%- endfor -%}
        {%- do together.append(fields) -%}
    {%- endfor -%}
    {{- return(together) -}}
{% endmacro %}
