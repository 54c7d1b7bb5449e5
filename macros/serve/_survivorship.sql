{#
    How the fields of a spec survive into the golden record, as a list of choices {name, rule, fields, joins_variants, rival}. The
    fields of one choice come from one address, or from the same record under a rule that does not join variants. The type of a
    field says its rule and its group unless the spec does; within a group the last field for which the spec names a rule decides,
    without one the first field's type. `rival` is the field that a value of this one may have been mistaken for: the given
    name of a family name, and the other way round.
#}
{% macro _survivorship(spec) %}
    {%- set choices = {} -%}
    {%- set rivals = {'given_name': 'family_name', 'family_name': 'given_name'} -%}
    {%- for field in spec.fields -%}
        {%- set prepared = dbt_dedup.prepare_field(field) -%}
        {%- set together = field.group or prepared.group -%}
        {%- set choice = 'group ' ~ together if together else field.name -%}
        {%- if choice not in choices -%}
            {%- do choices.update({choice: {
                'name': choice | replace(' ', '__'),
                'rule': prepared.survivorship,
                'fields': [],
            }}) -%}
        {%- endif -%}
        {%- if field.survivorship -%}{%- do choices[choice].update({'rule': field.survivorship}) -%}{%- endif -%}
        {%- do choices[choice].fields.append(field) -%}
    {%- endfor -%}
    {%- for choice in choices.values() -%}
        {%- set joins_variants = choice.rule in ['consensus', 'current'] -%}
        {%- set field = choice.fields[0] -%}
        {%- set of_rival_type = spec.fields | selectattr('type', 'equalto', rivals.get(field.type, '')) | map(attribute='name') | list -%}
        {%- do choice.update({
            'joins_variants': joins_variants,
            'rival': of_rival_type | first if joins_variants and of_rival_type and choice.fields | length == 1 else none,
        }) -%}
    {%- endfor -%}
    {{- return(choices.values() | list) -}}
{% endmacro %}
