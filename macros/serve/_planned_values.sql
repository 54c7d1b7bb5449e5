{#
    SQL that `dbt-dedup plan` runs on the copy that it has built, one row per entity and field whose golden value changes.
    `before` is a relation of the golden records before the build; a field that they lack has no value there. Entities that come
    or go are left out.
#}
{% macro _planned_values(entity_name, before) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set fields = {} -%}
{%- for field in spec.fields -%}{%- do fields.update({field.name: text_type}) -%}{%- endfor -%}
with

before as (
    {{ dbt_dedup.with_optional_columns(before, fields) | indent(4) }}
),

after as (
    select * from {{ ref(entity_name) }}
),

compared as (
    {%- for field in fields %}
    select
        after.entity_id,
        '{{ field }}' as field,
        cast(before.{{ field }} as {{ text_type }}) as value_before,
        cast(after.{{ field }} as {{ text_type }}) as value_after
    from after
    inner join before on after.entity_id = before.entity_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from compared
where value_before is distinct from value_after
{% endmacro %}
