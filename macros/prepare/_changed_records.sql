{#
    The CTEs up to `records`, the records whose row in int_<entity>__keyed_records is missing, was made from something else, or
    has another representative now, and `value_counts`, the counts of their values. row_hash is of the row of
    stg_<entity>__records and of how it is read; content_hash is equal for records that are equal in every field, null for those
    about which nothing is known. The table of all records is joined where it is read: of a CTE that is read several times the
    engine would copy it.
#}
{% macro _changed_records(spec, definition) -%}
{%- set names = spec.fields | map(attribute='name') | list -%}
{%- set contents = [] -%}
{%- for name in names + (['source'] if spec.source_mode == 'dedupe_only' else []) -%}{%- do contents.append('all_records.' ~ name) -%}{%- endfor -%}
{%- set all_records = ref('stg_' ~ spec.name ~ '__records') -%}
{%- set keeps = dbt_dedup._kept_rows() -%}
{%- set row_hash = dbt_dedup.hash_values(['all_records.row_hash', definition]) -%}
{%- set content_hash -%}
case
    when
        {%- for name in names %}
        {{ 'or ' if not loop.first }}all_records.{{ name }} is not null
        {%- endfor %}
        then {{ dbt_dedup.hash_values(contents) | indent(8) }}
end
{%- endset -%}
{%- if not keeps -%}
{{ dbt_dedup._every_row() }}
hashed as (
    select
        all_records.record_id,
        record_keys.record_key,
        {{ row_hash }} as row_hash,
        {{ content_hash | indent(8) }} as content_hash
    from {{ all_records }} as all_records
    inner join record_keys on all_records.record_id = record_keys.record_id
),
{%- else -%}
compared as (
    select
        all_records.record_id,
        record_keys.record_key,
        {{ row_hash }} as row_hash,
        known.content_hash,
        known.representative_key as known_representative,
        known.row_hash is not distinct from {{ row_hash }} as is_known
    from {{ all_records }} as all_records
    inner join record_keys on all_records.record_id = record_keys.record_id
    left join {{ this }} as known on record_keys.record_key = known.record_key
),

new_contents as (
    select
        compared.record_key,
        {{ content_hash | indent(8) }} as content_hash
    from compared
    inner join {{ all_records }} as all_records on compared.record_id = all_records.record_id
    where not compared.is_known
),

hashed as (
    select
        compared.record_id,
        compared.record_key,
        compared.row_hash,
        compared.known_representative,
        compared.is_known,
        case when compared.is_known then compared.content_hash else new_contents.content_hash end as content_hash
    from compared
    left join new_contents on compared.record_key = new_contents.record_key
),
{%- endif %}

{% if spec.source_mode != 'link_only' -%}
representatives as (
    select
        content_hash,
        min(record_key) as representative_key
    from hashed
    where content_hash is not null
    group by content_hash
    having count(*) > 1
),

{% endif -%}
represented as (
    select
        hashed.*,
        {%- if spec.source_mode == 'link_only' %}
        hashed.record_key as representative_key
    from hashed
        {%- else %}
        coalesce(representatives.representative_key, hashed.record_key) as representative_key
    from hashed
    left join representatives on hashed.content_hash = representatives.content_hash
        {%- endif %}
),

records as (
    select
        all_records.* exclude (row_hash, definition),
        represented.row_hash,
        represented.content_hash,
        represented.representative_key,
        {{ definition }} as definition
    from represented
    inner join {{ all_records }} as all_records on represented.record_id = all_records.record_id
    {%- if keeps %}
    where not represented.is_known or represented.representative_key <> represented.known_representative
    {%- endif %}
),

{% if keeps -%}
values_read as (
    {{- dbt_dedup._counted_values(spec) | indent(4) }}
),

value_counts as (
    select all_value_counts.*
    from {{ ref('int_' ~ spec.name ~ '__value_counts') }} as all_value_counts
    inner join values_read on all_value_counts.field = values_read.field and all_value_counts.value = values_read.value
),
{%- else -%}
value_counts as (
    select * from {{ ref('int_' ~ spec.name ~ '__value_counts') }}
),
{%- endif %}
{%- endmacro %}
