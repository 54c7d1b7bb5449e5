{#
    SQL of the names of the blocking rules that propose a pair, from its `rule_mask`; `is_identical` is SQL of whether its records
    are equal in every field.
#}
{% macro _proposed_by(spec, rule_mask, is_identical) -%}
concat_ws(
    ', ',
    {%- for rule in spec.blocking %}
    case when {{ dbt_dedup.has_bit(rule_mask, rule.id) }} then '{{ rule.name }}' end,
    {%- endfor %}
    case when {{ is_identical }} then 'identical records' end
)
{%- endmacro %}
