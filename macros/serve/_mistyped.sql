{#
    SQL of whether the values {0} and {1} of a pair differ by a slip of the hand: one or two letters, of four or more. One letter
    of three.
#}
{% macro _mistyped() %}
    {%- set shorter = 'least(length({0}), length({1}))' -%}
    {{- return(
        "(abs(length({0}) - length({1})) <= 2 and " ~ shorter ~ " >= 3 and "
        ~ dbt_dedup.edit_distance('{0}', '{1}') ~ " <= case when " ~ shorter ~ " >= 4 then 2 else 1 end)"
    ) -}}
{% endmacro %}
