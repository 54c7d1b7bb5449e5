{#
    One comparison feature of a field:
      name         its name, after the field's
      sql          SQL of a number over the two records `l` and `r`; null where a side is null
      description  what the number means, with range or unit
      direction    1 where a larger number means more alike, -1 where it means less alike
      drift        how far the number may move as other records come and go before a model should be trained again: not 0 for
                   a feature that depends on how rare a value is
      reads        columns that `sql` reads instead of `l` and `r`: name -> SQL over the two records. They are computed once
                   per pair, in a step before, whichever features read them
#}
{% macro feature(name, sql, description, direction=1, drift=0, reads={}) %}
    {{- return({
        'name': name, 'direction': direction, 'description': description, 'sql': sql, 'drift': drift, 'reads': reads,
    }) -}}
{% endmacro %}
