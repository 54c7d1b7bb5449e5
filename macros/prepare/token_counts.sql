{#
    int_<entity>__token_counts, one row per field and word of it: how many records have the word, its weight in bits and the
    integer that stands for it. The weight is log2(1 + records / records with the word), the inverse document frequency of
    Sparck Jones (1972). No rows where no field has words.
#}
{% macro token_counts(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set token_fields = dbt_dedup.token_fields(spec, 'value_counts', 'records') -%}
with

records as (
    select * from {{ ref('stg_' ~ entity_name ~ '__records') }}
),

value_counts as (
    select * from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
),

total as (
    select count(*) as records from records
),
{% for field in token_fields %}
{{ dbt_dedup.token_ctes(field) }}
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

weighted as (
    select
        counted.field,
        counted.word,
        cast(counted.records as bigint) as records,
        cast(round(1000 * log2(1 + cast(total.records as double) / counted.records)) as bigint) as millibits
    from counted
    cross join total
),

final as (
    select
        field,
        word,
        records,
        millibits / 1000.0 as weight,
        {{ dbt_dedup.token_code('word', 'millibits') }} as token
    from weighted
)

select * from final
{% endmacro %}
