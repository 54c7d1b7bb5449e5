{#
    The CTEs <field>__values and <field>__words of a field of token_fields: the distinct values under a number, and one row per
    value and word of it. A word carries the number and not the value: a long text of many words would be copied for each.
#}
{% macro token_ctes(field) -%}
{{ field.name }}__counted as (
    {{ field['values'] | indent(4) }}
),

{{ field.name }}__values as (
    select
        {{ field.name }},
        records,
        -- the number only holds the words of a value together, so any order will do
        row_number() over (order by records asc) as value_number
    from {{ field.name }}__counted
),

{{ field.name }}__words as (
    select
        value_number,
        records,
        {{ dbt_dedup.explode(dbt_dedup.distinct_items(field.tokens)) | indent(8) }} as word
    from {{ field.name }}__values
),
{%- endmacro %}
