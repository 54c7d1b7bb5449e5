{# The CTEs <field>__values and <field>__words (one row per distinct value and word of it) of a field of token_fields. #}
{% macro token_ctes(field) -%}
{{ field.name }}__values as (
    {{ field['values'] | indent(4) }}
),

{{ field.name }}__words as (
    select
        {{ field.name }},
        records,
        {{ dbt_dedup.explode(dbt_dedup.distinct_items(field.tokens)) | indent(8) }} as word
    from {{ field.name }}__values
),
{%- endmacro %}
