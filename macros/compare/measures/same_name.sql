{#
    True where two names of people are the same however they are written: the values are equal, or the words written as one and
    letters such as umlauts spelled out (`van der Müllen`, `Vandermuellen`). Null where a side is null.
#}
{% macro same_name(field) %}
    {{- return('(' ~ dbt_dedup.same(field) ~ ' or ' ~ dbt_dedup.same(field ~ '__spelled_out') ~ ')') -}}
{% endmacro %}
