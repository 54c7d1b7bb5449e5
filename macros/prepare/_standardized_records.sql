{#
    The SQL of stg_records. `read` is SQL of the rows of the input to standardize instead of all, see _changed_input.
#}
{% macro _standardized_records(entity_name, input=none, field=none, read=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- if input -%}{%- set spec = dict(spec, updated_at=none) -%}{%- endif -%}
{%- if field -%}{%- set spec = dict(spec, fields=spec.fields | selectattr('name', 'equalto', field) | list) -%}{%- endif -%}
{%- set prepared, lookups = {}, {} -%}
{%- for field in spec.fields -%}
    {%- do prepared.update({field.name: dbt_dedup.prepare_field(field)}) -%}
    {%- do lookups.update(prepared[field.name].lookups) -%}
{%- endfor -%}
{%- set change_time = dbt_dedup._change_time_field(spec) -%}
{%- set types = spec.fields | map(attribute='type') | list + (['date'] if change_time else []) -%}
{%- set texts = [] -%}
{%- for type in prepared.values() -%}
    {%- for step in type.steps -%}{%- do texts.extend(step.values()) -%}{%- endfor -%}
    {%- do texts.extend([type.value] + type.parts.values() | list) -%}
{%- endfor -%}
{%- set whole = dbt_dedup._whole_text(spec.fields) if not field -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

input as (
    {{ (read or 'select * from ' ~ (input or dbt_dedup._input_relation(spec))) | indent(4) }}
),

{{ 'written' if change_time else 'texts' }} as (
    select
        cast({{ adapter.quote(spec.record_id) }} as {{ text_type }}) as record_id,
        cast({{ adapter.quote(spec.source) if spec.source else 'null' }} as {{ text_type }}) as source,
        {%- if read %}
        dedup__row_hash as row_hash,
        dedup__definition as definition,
        {%- endif %}
        {%- if change_time %}
        {{ dbt_dedup._input_text(change_time) | indent(8) }} as updated_at__written,
        {%- endif %}
        {%- for field in spec.fields %}
        {%- if field.country is mapping %}
        coalesce(cast({{ adapter.quote(field.country.column) }} as {{ text_type }}), '') as {{ field.name }}__country_text,
        {%- endif %}
        {{ dbt_dedup._input_text(field) | indent(8) }} as {{ field.name }}__text
        {{- ',' if not loop.last }}
        {%- endfor %}
    from input
),
{%- if change_time %}

parsed as (
    select
        *,
        {{ dbt_dedup.parse_timestamp('updated_at__written') | indent(8) }} as updated_at__parsed
    from written
),

texts as (
    select
        *,
        {%- for column, sql in dbt_dedup._change_time_columns().items() %}
        {{ sql | indent(8) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from parsed
),
{%- endif %}

placeholders as (
    {{ dbt_dedup._placeholders_of(types | unique | list) | indent(4) }}
),
{% for name in dbt_dedup._lookups_read(lookups, texts) %}
{{ name }} as (
    {{ dbt_dedup._lookup_map_of(lookups[name]) | indent(4) }}
),
{% endfor %}
{%- set text_columns = ['updated_at__text'] if change_time else [] -%}
{%- for field in spec.fields -%}{%- do text_columns.append(field.name ~ '__text') -%}{%- endfor %}
{{ dbt_dedup._reading_ctes('texts', text_columns) }}
{% for field in spec.fields %}
{{ dbt_dedup._value_ctes(field, prepared[field.name]) }}
{% endfor %}
{%- if change_time %}
{{ dbt_dedup._value_ctes(change_time, dbt_dedup._prepare_change_time(change_time)) }}
{% endif %}
records as (
    select
        texts.record_id,
        texts.source,
        {%- if change_time %}
        nullif({{ dbt_dedup.trim_whitespace('texts.updated_at__written') | indent(8) }}, '') as updated_at__original,
        updated_at__checked.updated_at__problem,
        coalesce(texts.updated_at__read, updated_at__checked.updated_at) as updated_at,
        {%- else %}
        cast(null as {{ dbt.type_timestamp() | lower }}) as updated_at,
        {%- endif %}
        {{ dbt_dedup._record_digest(spec.fields) | indent(8) }} as input_digest,
        {%- for field in spec.fields %}
        {%- set f = field.name %}
        {{ f }}__checked.{{ f }}__original,
        {{ f }}__checked.{{ f }}__problem,
        {%- for suffix in dbt_dedup._remark_columns(field, prepared[f]) %}
        {{ f }}__checked.{{ f }}__{{ suffix }},
        {%- endfor %}
        {{ f }}__checked.{{ f }}
        {%- for part in prepared[f].parts %},
        {{ f }}__checked.{{ f }}__{{ part }}
        {%- endfor %}
        {{- ',' if not loop.last }}
        {%- endfor %}
        {%- if read %},
        texts.row_hash,
        texts.definition
        {%- endif %}
    from texts
    {%- for field in spec.fields %}
    {%- set f = field.name %}
    left join {{ f }}__checked on texts.{{ f }}__text = {{ f }}__checked.{{ f }}__text
    {%- if field.country is mapping %} and texts.{{ f }}__country_text = {{ f }}__checked.{{ f }}__country_text
    {%- endif %}
    {%- endfor %}
    {%- if change_time %}
    left join updated_at__checked on texts.updated_at__text = updated_at__checked.updated_at__text
    {%- endif %}
)
{%- if whole %}
{%- set prepared_whole = dbt_dedup._prepared_whole_text(whole) -%}
,

{{ dbt_dedup._whole_text_ctes(whole) }}

final as (
    select
        {%- for column in dbt_dedup._stg_columns(spec, prepared) %}
        {{ column }},
        {%- endfor %}
        {{ prepared_whole.value }} as {{ whole.name }}
        {%- if read %},
        row_hash,
        definition
        {%- endif %}
    from {{ whole.name }}__step_{{ prepared_whole.steps | length }}
)

select * from final
{%- else %}

select * from records
{%- endif %}
{% endmacro %}
