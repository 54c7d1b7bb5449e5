{#
    <entity>_provenance, one row per entity and field with a golden value: the value, the record it comes from and the
    survivorship rule that chose it. The rule of a pinned value is `pinned`, and override_id names the override. Computed as it is
    read.
#}
{% macro provenance(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

golden_values as (
    select * from {{ ref('int_' ~ entity_name ~ '__golden_values') }}
),

{% if spec.overrides -%}
pins as (
    select * from {{ ref('int_' ~ entity_name ~ '__pins') }}
    where is_served
),

{% endif -%}
chosen as (
    {%- for choice in dbt_dedup._survivorship(spec) %}
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
),

final as (
    select
        chosen.entity_id,
        chosen.field,
        chosen.value,
        chosen.record_id,
        {%- if spec.overrides %}
        case when pins.entity_id is null then chosen.rule else 'pinned' end as rule,
        pins.override_id
    from chosen
    left join pins
        on chosen.entity_id = pins.entity_id
        and chosen.field = pins.field
        {%- else %}
        chosen.rule,
        cast(null as {{ dbt_dedup.text_type() }}) as override_id
    from chosen
        {%- endif %}
)

select * from final
{% endmacro %}
