{#
    int_<entity>__token_counts, one row per field and word of it: how many records have the word, its weight in bits and the
    integer that stands for it. The weight is log2(1 + records / records with the word), the inverse document frequency of
    Sparck Jones (1972). No rows where no field has words.
    With `incremental: true` the counts stay as they are until value_counts are counted anew, and only words that came up since
    are added, with the weight of the word of a single record.
#}
{% macro token_counts(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set token_fields = dbt_dedup._token_fields(spec, 'value_counts', 'records') -%}
{%- set counted_by, keeps = none, false -%}
{%- if spec.incremental -%}
{%- do config(materialized='dedup_incremental', unique_key=['field', 'word']) -%}
{%- set values_by = dbt_dedup._made_by(ref('int_' ~ entity_name ~ '__value_counts'), 'counted_by') -%}
{%- set known_by = dbt_dedup._made_by(this, 'counted_by') -%}
{%- set keeps = dbt_dedup._kept_rows('is_counted') and (known_by or '').startswith((values_by or '-') ~ ':') -%}
{%- set counted_by = known_by if keeps else (values_by or '-') ~ ':' ~ invocation_id -%}
{%- if not keeps %}
{{ dbt_dedup._every_row() }}
{%- endif %}
{% endif -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

value_counts as (
    select * from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
    {%- if keeps %}
    where not is_counted  -- the words of the others were counted with them
    {%- endif %}
),

total as (
    {%- if keeps %}
    select max(population) as records from {{ this }}
    {%- else %}
    select count(*) as records from records
    {%- endif %}
),
{% for field in token_fields %}
{{ dbt_dedup._token_ctes(field) }}
{% endfor %}
counted as (
    {%- for field in token_fields %}
    select
        '{{ field.name }}' as field,
        word,
        sum(records) as records
    from {{ field.name }}__words
    group by word
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        field,
        value as word,
        records
    from value_counts
    where false
    {%- endfor %}
),
{%- if keeps %}

added as (
    select
        counted.field,
        counted.word,
        1 as records
    from counted
    left join {{ this }} as known on counted.field = known.field and counted.word = known.word
    where known.word is null
),
{%- endif %}
{%- set counted = 'added' if keeps else 'counted' %}

weighted as (
    select
        {{ counted }}.field,
        {{ counted }}.word,
        cast({{ counted }}.records as bigint) as records,
        cast(round(1000 * log2(1 + cast(total.records as double) / {{ counted }}.records)) as bigint) as millibits
        {%- if counted_by %},
        total.records as population
        {%- endif %}
    from {{ counted }}
    cross join total
),

final as (
    select
        field,
        word,
        records,
        millibits / 1000.0 as weight,
        {{ dbt_dedup._token_code('word', 'millibits') }} as token
        {%- if counted_by %},
        population,
        {{ 'false' if keeps else 'true' }} as is_counted,
        '{{ counted_by }}' as counted_by
        {%- endif %}
    from weighted
)

select * from final
{% endmacro %}
