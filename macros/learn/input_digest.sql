{#
    A digest of what the input says about the two records of a pair (`l` and `r`), the same whichever side a record is on.
    Two equal digests mean that the input still says about both what it said before.
#}
{% macro input_digest() %}
    {%- set sides = ['l.input_digest', 'r.input_digest'] | join(', ') -%}
    {{- return(dbt_dedup.text_digest('least(' ~ sides ~ ') || greatest(' ~ sides ~ ')')) -}}
{% endmacro %}
