{#
    SQL of whether a column of a relation, `shown` or `value`, is that of a right value: the two texts are equal, unless the type
    of the field says what is near enough (`near` in prepare_field).
#}
{% macro _is_right(fields, relation, column='shown') %}
    {%- set rules = [] -%}
    {%- set given, right = relation ~ '.' ~ column, 'right_values.' ~ column -%}
    {%- for field in fields -%}
        {%- set near = dbt_dedup.prepare_field(field).near -%}
        {%- if near -%}
            {%- do rules.append(
                'when ' ~ relation ~ ".field = '" ~ field.name ~ "'\n    then " ~ (dbt_dedup._of_pair(near, given, right) | indent(4))
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set equal = given ~ ' = ' ~ right -%}
    {{- return(dbt_dedup.case_lines(rules, equal) if rules else equal) -}}
{% endmacro %}
