{#
    One comparison feature of a field: its name (after the field's), its SQL over the sides `l` and `r`, what it says, and its
    direction: 1 where a larger value means more alike, -1 where it means less alike.
#}
{% macro feature(name, sql, description, direction=1) %}
    {{- return({'name': name, 'direction': direction, 'description': description, 'sql': sql}) -}}
{% endmacro %}
