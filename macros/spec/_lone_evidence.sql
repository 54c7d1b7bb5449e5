{#
    The rule of `never` that every entity has unless `lone_evidence` is true: a record that has values of one kind only (a name,
    an e-mail address, a phone number, a place) is like every other record of that name or place, and joins none. An identifier, a
    web site or a text says enough alone. Null for an entity whose fields are of one kind.
#}
{% macro _lone_evidence(spec) %}
    {%- set by_kind, enough = {}, [] -%}
    {%- for kind, fields in dbt_dedup._fields_by_kind(spec.fields).items() -%}
        {%- if fields[0].type in ['identifier', 'url', 'text'] -%}
            {%- do enough.append(kind) -%}
        {%- else -%}
            {%- do by_kind.update({kind: fields | map(attribute='name') | list}) -%}
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
