{# SQL of standardized records with the text of the whole record, where the entity compares it (see stg_records). #}
{% macro _find_whole_text(entity_name, records) -%}
{%- set whole = dbt_dedup._whole_text(dbt_dedup.entity(entity_name).fields) -%}
{%- if whole -%}
with

records as (
    select * from {{ records }}
),

{{ dbt_dedup._whole_text_ctes(whole) }}

final as (
    select
        records.*,
        {{ dbt_dedup._prepared_whole_text(whole).value }} as {{ whole.name }}
    from {{ whole.name }}__step_{{ dbt_dedup._prepared_whole_text(whole).steps | length }} as records
)

select * from final
{%- else -%}
select * from {{ records }}
{%- endif -%}
{%- endmacro %}
