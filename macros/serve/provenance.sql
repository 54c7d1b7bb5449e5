{#
    <entity>_provenance, one row per entity and field with a golden value: the value, the record it comes from and the
    survivorship rule that chose it. Computed as it is read.
#}
{% macro provenance(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

golden_values as (
    select * from {{ ref('int_' ~ entity_name ~ '__golden_values') }}
),

final as (
    {%- for choice in dbt_dedup.survivorship(spec) %}
    {%- set last_choice = loop.last %}
    {%- for field in choice.fields %}
    select
        entity_id,
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ dbt_dedup.text_type() }}) as value,
        {{ field.name }}__record_id as record_id,
        '{{ choice.rule }}' as rule
    from golden_values
    where {{ field.name }} is not null
    {%- if not (last_choice and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
)

select * from final
{% endmacro %}
