{#
    SQL that says whether the values of a record are too rare together for chance to make another record with them: of as many
    records as the table has, fewer than one in `chance_copies` would have them if the kinds of evidence (see _fields_by_kind) were
    independent. Within a kind only the rarest field counts, and given and family name together. A value that is in one kind only
    never says enough, because its own copies make it less rare.
#}
{% macro _is_distinctive(spec, populations) %}
    {%- set kinds = dbt_dedup._fields_by_kind(spec.fields) -%}
    {%- set terms = [] -%}
    {%- for fields in kinds.values() -%}
        {%- set types = {} -%}
        {%- for field in fields -%}
            {%- set rarity = 'coalesce(' ~ field.name ~ '__derived.rarity, 0)' -%}
            {%- do types.update({field.type: types.get(field.type, []) + [rarity]}) -%}
        {%- endfor -%}
        {%- set rarest = {} -%}
        {%- for type, rarities in types.items() -%}{%- do rarest.update({type: dbt_dedup._greatest(rarities)}) -%}{%- endfor -%}
        {%- set whole_name = [rarest.pop('given_name', none), rarest.pop('family_name', none)] | select | join(' + ') -%}
        {%- do terms.append(dbt_dedup._greatest(([whole_name] if whole_name else []) + rarest.values() | list)) -%}
    {%- endfor -%}
    {%- set bits = terms | join('\n+ ') or '0' -%}
    {%- set least = 'log2(cast(' ~ populations ~ '.population as double) * ' ~ dbt_dedup.method_constants().chance_copies ~ ')' -%}
    {{- return('coalesce(\n    ' ~ bits | indent(4) ~ '\n    >= ' ~ least ~ ',\n    false\n)') -}}
{% endmacro %}
