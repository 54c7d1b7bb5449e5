{#
    <entity>_crosswalk, one row per record: the entity it belongs to. With `incremental: true` only rows are written that are new or
    differ.
#}
{% macro crosswalk(entity_name) -%}
{%- set incremental = dbt_dedup.entity(entity_name).incremental -%}
{%- set columns = ['record_id', 'source', 'entity_id', 'first_entity_id', 'records_in_entity'] -%}
{%- if incremental -%}
{%- do config(
    materialized='dedup_incremental', unique_key='record_id',
    pre_hook="{{ dbt_dedup._delete_gone_members('" ~ entity_name ~ "', 'record_id') }}"
) -%}
{%- endif -%}
{%- set keeps = incremental and dbt_dedup._kept_columns(ref('int_' ~ entity_name ~ '__entities'), columns) -%}
{%- if incremental and not keeps -%}
{{ dbt_dedup._every_row() }}
{% endif -%}
with

entities as (
    select * from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

final as (
    select
        {%- for column in columns %}
        {{ 'entities.' if keeps }}{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from entities
    {%- if keeps %}
    {{- dbt_dedup._where_not_known('entities', columns) | indent(4) }}
    {%- endif %}
)

select * from final
order by record_id asc
{% endmacro %}
