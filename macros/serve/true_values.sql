{#
    int_<entity>__true_values, one row per true entity, field and right value: the value as the field's type standardizes it, and
    as the golden record would show it. Read from the table that the spec names as `truth_values`, where several right values of
    a field are separated by `|`. No rows without such a table.
#}
{% macro true_values(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- do dbt_dedup._allow_many_fields(spec) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set fields = dbt_dedup._fields_with_truth(spec) -%}
{%- set prepared, lookups, read = {}, {}, [] -%}
{%- for field in fields -%}
    {%- set type = dbt_dedup.prepare_field(field) -%}
    {%- do prepared.update({field.name: type}) -%}
    {%- do lookups.update(type.lookups) -%}
    {%- for step in type.steps -%}{%- do read.extend(step.values()) -%}{%- endfor -%}
    {%- do read.extend([type.value] + type.parts.values() | list) -%}
{%- endfor -%}
{#- the lists are read while dbt parses the project too, so that it knows what the model depends on -#}
{%- for field in spec.fields if spec.truth_values -%}
    {%- for lookup in dbt_dedup.prepare_field(field).lookups.values() -%}{%- do ref(lookup.seed) -%}{%- endfor -%}
{%- endfor -%}
{%- for name in [spec.truth_values, 'dedup_placeholders'] if spec.truth_values -%}{%- do ref(name) -%}{%- endfor %}
with
{% if fields %}
truth_values as (
    select * from {{ ref(spec.truth_values) }}
),

placeholders as (
    {{ dbt_dedup._placeholders_of(fields | map(attribute='type') | unique | list) | indent(4) }}
),
{% for name in dbt_dedup._lookups_read(lookups, read) %}
{{ name }} as (
    {{ dbt_dedup._lookup_map_of(lookups[name]) | indent(4) }}
),
{% endfor %}
{%- for field in fields %}
{{ field.name }}__texts as (
    select
        cast(entity_id as {{ text_type }}) as entity_id,
        {{ dbt_dedup.explode(dbt_dedup.split_text(dbt_dedup._input_text(field), '|')) | indent(8) }} as {{ field.name }}__text
    from truth_values
),

{{ dbt_dedup._reading_ctes(field.name ~ '__texts', [field.name ~ '__text']) }}

{{ dbt_dedup._value_ctes(field, prepared[field.name], field.name ~ '__texts') }}

{{ dbt_dedup._meant_ctes(field.name ~ '__checked', [field]) }}
{% endfor %}
{%- endif %}
final as (
    {%- for field in fields %}
    select distinct
        {{ field.name }}__texts.entity_id,
        '{{ field.name }}' as field,
        cast({{ field.name }} as {{ text_type }}) as value,
        cast({{ dbt_dedup._served_value(field) | indent(8) }} as {{ text_type }}) as shown
    from {{ field.name }}__texts
    inner join {{ field.name }}__checked__meant as checked
        on {{ field.name }}__texts.{{ field.name }}__text = checked.{{ field.name }}__text
    where {{ field.name }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        cast(null as {{ text_type }}) as entity_id,
        cast(null as {{ text_type }}) as field,
        cast(null as {{ text_type }}) as value,
        cast(null as {{ text_type }}) as shown
    where false
    {%- endfor %}
)

select * from final
{% endmacro %}
