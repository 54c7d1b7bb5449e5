{#
    Groups of blocking rules, as lists of rule numbers, such that no two groups read the same field: rules with the fewest fields
    are taken first, in the order of the spec, each that shares no field with those before. A rule whose fields are all among those
    of one group belongs to it. Rules that read fields of several groups are in none.
#}
{% macro _independent_rules(spec) %}
    {%- set by_size = {} -%}
    {%- for rule in spec.blocking -%}
        {%- set fields = [] -%}
        {%- for part in rule.parts -%}{%- do fields.append(part.column.split('__')[0]) -%}{%- endfor -%}
        {%- set fields = fields | unique | sort -%}
        {%- do by_size.setdefault(fields | length, []).append({'id': rule.id, 'fields': fields}) -%}
    {%- endfor -%}
    {%- set groups, taken = [], [] -%}
    {%- for size in by_size.keys() | sort -%}
        {%- for rule in by_size[size] -%}
            {%- set shared = rule.fields | select('in', taken) | list -%}
            {%- if not shared -%}
                {%- do groups.append({'fields': rule.fields, 'ids': [rule.id]}) -%}
                {%- do taken.extend(rule.fields) -%}
            {%- elif shared | length == size -%}
                {%- for group in groups if rule.fields | reject('in', group.fields) | list == [] -%}
                    {%- do group.ids.append(rule.id) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(groups | map(attribute='ids') | list) -}}
{% endmacro %}
