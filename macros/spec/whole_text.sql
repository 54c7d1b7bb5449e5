{#
    The field that holds the text of the whole record, for entities that compare a field of type `text`; none for others.
    A value in another column than on the other side (a brand or a model number in the title) still counts in it.
    `parts` are the fields it is made of, in their order.
#}
{% macro whole_text(fields) %}
    {%- set compared = fields | selectattr('compare') | list -%}
    {%- if not compared | selectattr('type', 'equalto', 'text') | list -%}{{- return(none) -}}{%- endif -%}
    {%- set parts = [] -%}
    {%- for field in compared if dbt_dedup.prepare_field(field).in_whole_text -%}{%- do parts.append(field.name) -%}{%- endfor -%}
    {{- return({'name': 'whole_text', 'parts': parts}) -}}
{% endmacro %}
