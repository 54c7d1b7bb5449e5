{#
    The field that holds the text of the whole record, for entities that compare a field of type `text`; none for others.
    A value in another column than on the other side (a brand or a model number in the title) still counts in it.
    `parts` are the fields it is made of, in their order.
#}
{% macro whole_text(fields) %}
    {%- set compared = fields | selectattr('compare') | list -%}
    {%- if not compared | selectattr('type', 'equalto', 'text') | list -%}{{- return(none) -}}{%- endif -%}
    {%- set types = ['text', 'company', 'identifier', 'category'] -%}
    {{- return({
        'name': 'whole_text',
        'parts': compared | selectattr('type', 'in', types) | map(attribute='name') | list,
    }) -}}
{% endmacro %}
