{#
    The rule of `never` that every entity has unless `lone_evidence` is true: records that have values of one kind only in common
    (a name, an e-mail address, a phone number, a place) cannot be told from others with these values. An identifier, a web site
    or a text says enough alone. Null for an entity whose fields are of one kind.
#}
{% macro _lone_evidence(spec) %}
    {%- set kind_of = {
        'given_name': 'name', 'family_name': 'name', 'full_name': 'name', 'company': 'name',
        'address': 'place', 'city': 'place', 'postcode': 'place', 'geo': 'place',
    } -%}
    {%- set by_kind, enough = {}, [] -%}
    {%- for field in spec.fields if field.compare -%}
        {%- set both = 'l.' ~ field.name ~ ' is not null and r.' ~ field.name ~ ' is not null' -%}
        {%- if field.type in ['identifier', 'url', 'text'] -%}
            {%- do enough.append(both) -%}
        {%- elif field.type != 'category' -%}
            {%- set kind = kind_of.get(field.type, field.name) -%}
            {%- do by_kind.update({kind: by_kind.get(kind, []) + [both]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if spec.lone_evidence or by_kind | length < 2 -%}{{- return(none) -}}{%- endif -%}
    {%- set counted = [] -%}
    {%- for parts in by_kind.values() -%}
        {%- do counted.append('case\n    when ' ~ parts | join('\n        or ') ~ '\n        then 1\n    else 0\nend') -%}
    {%- endfor -%}
    {{- return({
        'name': 'lone_evidence',
        'sql': counted | join('\n+ ') ~ ' < 2' ~ ('\nand not (' ~ enough | join('\n    or ') ~ ')' if enough else ''),
    }) -}}
{% endmacro %}
