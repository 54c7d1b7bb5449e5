{#
    <entity>_likely_typos, one row per record and field whose value is likely a slip of the hand, in the columns of
    <entity>_quality_issues: it differs from the golden value by a letter or two, and at least 20 times as many records of the
    population have the golden value. Where the population says nothing (e-mail, phone, date), or has the value once, two
    records of the entity must have the golden value and this one alone the other. The golden value is what is proposed.
    Computed as it is read.
#}
{% macro likely_typos(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set fields = [] -%}
{%- for field in spec.fields if dbt_dedup.prepare_field(field).variant and field.type not in ['geo', 'number'] -%}
    {%- do fields.append(field) -%}
{%- endfor -%}
{%- for field in spec.fields if dbt_dedup.prepare_field(field).short_forms -%}
    {%- do ref(dbt_dedup.prepare_field(field).short_forms.seed) -%}
{%- endfor -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

entities as (
    select * from {{ ref('int_' ~ entity_name ~ '__entities') }}
),

golden_values as (
    select * from {{ ref('int_' ~ entity_name ~ '__golden_values') }}
),

value_counts as (
    select * from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
),

shared as (
    select
        records.record_id,
        records.source,
        entities.entity_id
        {%- for field in fields %},
        records.{{ field.name }},
        records.{{ field.name }}__original
        {%- endfor %}
    from entities
    inner join records on entities.record_id = records.record_id
    where entities.records_in_entity > 1
),
{% for field in fields %}
{%- set f = field.name -%}
{%- set type = dbt_dedup.prepare_field(field) -%}
{%- set l, r = 'cast(records.' ~ f ~ ' as ' ~ text_type ~ ')', 'cast(chosen.' ~ f ~ ' as ' ~ text_type ~ ')' %}
{{ f }}__slips as (
    select
        records.record_id,
        records.source,
        records.{{ f }}__original as original_value,
        cast(golden_values.{{ f }} as {{ text_type }}) as proposed_value,
        records.entity_id,
        chosen.{{ f }} as golden,
        {{ l }} as value,
        {{ r }} as golden_text
    from shared as records
    inner join golden_values
        on records.entity_id = golden_values.entity_id
        and records.record_id <> golden_values.{{ f }}__record_id
    inner join records as chosen on golden_values.{{ f }}__record_id = chosen.record_id
    {%- if type.short_forms %}
    left join {{ ref(type.short_forms.seed) }} as forms
        on {{ type.short_forms.of | replace('{0}', 'records.' ~ f) }} = forms.{{ type.short_forms.short }}
        and {{ type.short_forms.of | replace('{0}', 'chosen.' ~ f) }} = forms.{{ type.short_forms.long }}
    {%- endif %}
    where
        records.{{ f }} <> chosen.{{ f }}
        and {{ dbt_dedup._mistyped(l, r) | indent(8) }}
        and not ({{ dbt_dedup._of_pair(dbt_dedup._words_within(), l, r) | indent(8) }})
        {%- if type.short_forms %}
        and forms.{{ type.short_forms.short }} is null
        {%- endif %}
),

{{ f }}__support as (
    select
        {{ f }}__slips.record_id,
        count(case when records.{{ f }} = {{ f }}__slips.golden then 1 end) as golden_records,
        count(case when cast(records.{{ f }} as {{ text_type }}) = {{ f }}__slips.value then 1 end) as value_records
    from {{ f }}__slips
    inner join shared as records on {{ f }}__slips.entity_id = records.entity_id
    group by {{ f }}__slips.record_id
),

{{ f }}__typos as (
    select
        {{ f }}__slips.record_id,
        {{ f }}__slips.source,
        '{{ f }}' as field,
        {{ f }}__slips.original_value,
        {{ f }}__slips.proposed_value
    from {{ f }}__slips
    inner join {{ f }}__support on {{ f }}__slips.record_id = {{ f }}__support.record_id
    inner join value_counts as of_value
        on of_value.field = '{{ f }}'
        and {{ f }}__slips.value = of_value.value
    inner join value_counts as of_golden
        on of_golden.field = '{{ f }}'
        and {{ f }}__slips.golden_text = of_golden.value
    where
        ({{ f }}__support.golden_records > 1 and {{ f }}__support.value_records = 1
            {{- ' and of_value.records = 1' if type.known_by == 'value' }})
        {%- if type.known_by == 'value' %}
        or of_golden.records >= 20 * of_value.records
        {%- endif %}
),
{% endfor %}
final as (
    {%- for field in fields %}
    select
        record_id,
        source,
        field,
        'likely_typo' as problem,
        'better_known_variant' as rule,
        original_value,
        proposed_value,
        true as is_used
    from {{ field.name }}__typos
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        record_id,
        source,
        cast(null as {{ text_type }}) as field,
        cast(null as {{ text_type }}) as problem,
        cast(null as {{ text_type }}) as rule,
        cast(null as {{ text_type }}) as original_value,
        cast(null as {{ text_type }}) as proposed_value,
        true as is_used
    from records
    where false
    {%- endfor %}
)

select * from final
{% endmacro %}
