{#
    How the fields of a spec survive into the golden record, as a list of choices {name, rule, fields}. The fields of one
    choice come from the same record. The type of a field says its rule and its group unless the spec does; within a group
    the last field for which the spec names a rule decides, without one the first field's type.
#}
{% macro survivorship(spec) %}
    {%- set choices = {} -%}
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
    {{- return(choices.values() | list) -}}
{% endmacro %}
