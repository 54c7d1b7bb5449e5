{#
    One comparison feature of a field: its name (after the field's), its SQL over the sides `l` and `r`, what it says, and its
    direction: 1 where a larger value means more alike, -1 where it means less alike. A feature that measures how rare something
    is depends on all records; `drift` is how far it may move as records come and go before a model should be trained again.
#}
{% macro feature(name, sql, description, direction=1, drift=0) %}
    {{- return({'name': name, 'direction': direction, 'description': description, 'sql': sql, 'drift': drift}) -}}
{% endmacro %}
