{#
    <entity>, one row per entity: the golden record. Where each value comes from is in <entity>_provenance.
    With `incremental: true` only golden records are written that are new or differ from those in the table, value by value.
#}
{% macro golden_records(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set columns = ['entity_id'] -%}
{%- for choice in dbt_dedup._survivorship(spec) -%}{%- do columns.extend(choice.fields | map(attribute='name')) -%}{%- endfor -%}
{%- do columns.extend(['record_count', 'sources', 'first_updated_at', 'last_updated_at']) -%}
{%- if spec.incremental -%}
{%- do config(
    materialized='dedup_incremental', unique_key='entity_id',
    pre_hook="{{ dbt_dedup._delete_gone_golden('" ~ entity_name ~ "') }}"
) -%}
{%- endif -%}
{%- set keeps = spec.incremental and dbt_dedup._kept_columns(ref('int_' ~ entity_name ~ '__golden_values'), columns) -%}
{%- if spec.incremental and not keeps -%}
{{ dbt_dedup._every_row() }}
{% endif -%}
with

golden_values as (
    select * from {{ ref('int_' ~ entity_name ~ '__golden_values') }}
),

final as (
    select
        {%- for column in columns %}
        golden_values.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from golden_values
    {%- if keeps %}
    {{- dbt_dedup._where_not_known('golden_values', columns) | indent(4) }}
    {%- endif %}
)

select * from final
order by entity_id asc
{% endmacro %}
