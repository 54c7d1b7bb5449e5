{#
    SQL of whether what a relation shows is one of the right values: the two texts are equal, unless the type of the field says
    what is near enough (`near` in prepare_field).
#}
{% macro _is_right(fields, relation) %}
    {%- set rules = [] -%}
    {%- set shown, right = relation ~ '.shown', 'right_values.shown' -%}
    {%- for field in fields -%}
        {%- set near = dbt_dedup.prepare_field(field).near -%}
        {%- if near -%}
            {%- do rules.append('when ' ~ relation ~ ".field = '" ~ field.name ~ "' then " ~ near.format(shown, right)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set equal = shown ~ ' = ' ~ right -%}
    {{- return(dbt_dedup.case_lines(rules, equal) if rules else equal) -}}
{% endmacro %}
