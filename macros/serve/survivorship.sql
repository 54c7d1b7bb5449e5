{#
    How the fields of a spec survive into the golden record, as a list of choices {name, rule, fields}. The fields of one
    choice come from one record together: address, city and postcode unless the spec groups otherwise; the last of them that
    names a rule decides for all.
#}
{% macro survivorship(spec) %}
    {%- set rules = {
        'email': 'most_recent', 'phone': 'most_recent', 'address': 'most_recent', 'city': 'most_recent',
        'postcode': 'most_recent', 'number': 'most_recent', 'text': 'longest',
    } -%}
    {%- set choices = {} -%}
    {%- for field in spec.fields -%}
        {%- set together = field.group or ('address' if field.type in ['address', 'city', 'postcode'] else none) -%}
        {%- set choice = 'group ' ~ together if together else field.name -%}
        {%- if choice not in choices -%}
            {%- do choices.update({choice: {
                'name': choice | replace(' ', '__'),
                'rule': rules.get(field.type, 'most_frequent'),
                'fields': [],
            }}) -%}
        {%- endif -%}
        {%- if field.survivorship -%}{%- do choices[choice].update({'rule': field.survivorship}) -%}{%- endif -%}
        {%- do choices[choice].fields.append(field) -%}
    {%- endfor -%}
    {{- return(choices.values() | list) -}}
{% endmacro %}
