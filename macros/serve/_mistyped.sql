{#
    SQL of whether the values {0} and {1} of a pair differ by a slip of the hand: one or two letters, of four or more. One letter
    of three. `l` and `r` are SQL of the texts to compare.
#}
{% macro _mistyped(l='{0}', r='{1}') %}
    {%- set shorter = 'least(length(' ~ l ~ '), length(' ~ r ~ '))' -%}
    {{- return(
        "(abs(length(" ~ l ~ ") - length(" ~ r ~ ")) <= 2\nand " ~ shorter ~ " >= 3\nand "
        ~ dbt_dedup.edit_distance(l, r) ~ "\n<= case when " ~ shorter ~ " >= 4 then 2 else 1 end)"
    ) -}}
{% endmacro %}
