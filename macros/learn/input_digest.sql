{#
    A digest of the input of both records of a pair (`l` and `r`), the same whichever side a record is on. While it stays the
    same, the input of neither record has changed.
#}
{% macro input_digest() %}
    {%- set sides = ['l.input_digest', 'r.input_digest'] | join(', ') -%}
    {{- return(dbt_dedup.text_digest('least(' ~ sides ~ ') || greatest(' ~ sides ~ ')')) -}}
{% endmacro %}
