{#
    The fields of an entity by the kind of evidence that they give, lists of fields by kind: names are one kind, places another,
    any other field is its own. Categories are no evidence, whole groups of records share them.
#}
{% macro _fields_by_kind(fields) %}
    {%- set kind_of = {
        'given_name': 'name', 'family_name': 'name', 'full_name': 'name', 'company': 'name',
        'address': 'place', 'city': 'place', 'postcode': 'place', 'geo': 'place',
    } -%}
    {%- set by_kind = {} -%}
    {%- for field in fields if field.compare and field.type != 'category' -%}
        {%- set kind = kind_of.get(field.type, field.name) -%}
        {%- do by_kind.update({kind: by_kind.get(kind, []) + [field]}) -%}
    {%- endfor -%}
    {{- return(by_kind) -}}
{% endmacro %}
