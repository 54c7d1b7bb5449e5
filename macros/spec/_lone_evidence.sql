{#
    The rule of `never` that every entity has unless `lone_evidence` is true: a record that has values of one kind only (a name,
    an e-mail address, a phone number, a place) is like every other record of that name or place, and joins none. An identifier, a
    web site or a text says enough alone. Null for an entity whose fields are of one kind.
#}
{% macro _lone_evidence(spec) %}
    {%- set kind_of = {
        'given_name': 'name', 'family_name': 'name', 'full_name': 'name', 'company': 'name',
        'address': 'place', 'city': 'place', 'postcode': 'place', 'geo': 'place',
    } -%}
    {%- set by_kind, enough = {}, [] -%}
    {%- for field in spec.fields if field.compare -%}
        {%- if field.type in ['identifier', 'url', 'text'] -%}
            {%- do enough.append(field.name) -%}
        {%- elif field.type != 'category' -%}
            {%- set kind = kind_of.get(field.type, field.name) -%}
            {%- do by_kind.update({kind: by_kind.get(kind, []) + [field.name]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if spec.lone_evidence or by_kind | length < 2 -%}{{- return(none) -}}{%- endif -%}
    {%- set sides = [] -%}
    {%- for side in ['l', 'r'] -%}
        {%- set kinds = [] -%}
        {%- for fields in by_kind.values() -%}
            {%- do kinds.append('case when ' ~ side ~ '.' ~ fields | join(' is null and ' ~ side ~ '.') ~ ' is null then 0 else 1 end') -%}
        {%- endfor -%}
        {%- set alone = [kinds | join('\n+ ') ~ ' < 2'] -%}
        {%- for field in enough -%}{%- do alone.append(side ~ '.' ~ field ~ ' is null') -%}{%- endfor -%}
        {%- do sides.append('(\n    ' ~ alone | join('\nand ') | indent(4) ~ '\n)') -%}
    {%- endfor -%}
    {{- return({'name': 'lone_evidence', 'sql': sides | join('\nor ')}) -}}
{% endmacro %}
