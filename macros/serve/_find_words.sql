{# SQL of the words of new records, one row per field and word. `value_counts` is that of _find_value_counts. #}
{% macro _find_words(entity_name, records, value_counts) -%}
{%- set token_fields = dbt_dedup._token_fields(dbt_dedup.entity(entity_name), value_counts, records) -%}
with

{% for field in token_fields %}
{{ dbt_dedup._token_ctes(field) }}
{% endfor %}
final as (
    {%- for field in token_fields %}
    select distinct
        '{{ field.name }}' as field,
        word
    from {{ field.name }}__words
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        field,
        value as word
    from {{ value_counts }}
    where false
    {%- endfor %}
)

select * from final
{%- endmacro %}
