{#
    SQL of about `random_pairs` pairs of records that nothing but chance brings together, one row per pair: record_key_l <
    record_key_r. Each record is on one side equally often (evenly spread ones only, where there are more records than pairs
    wanted), its partners follow from whole-number arithmetic: the same pairs on every engine and in every run. Few records
    give every pair. Pairs that the source mode rules out are left out. (Park and Miller: Communications of the ACM 31, 1988.)

    The arithmetic needs numbers without gaps, which record_key is not once a record has left, so records are numbered here.
#}
{% macro _random_pairs(spec) -%}
{%- set wanted = 'cast(' ~ spec.random_pairs ~ ' as bigint)' -%}
with

numbered as (
    select
        record_key,
        source,
        row_number() over (order by record_key asc) as record_number,
        count(*) over () as records
    from {{ ref('int_' ~ spec.name ~ '__keyed_records') }}
),

turns as (
    select
        record_number,
        records,
        {#- enough turns to reach the wanted number with all records, and no more than records #}
        {{ dbt_dedup.explode(dbt_dedup.whole_numbers(
            'least(records, cast(ceil(cast(' ~ wanted ~ ' as double) / records) as bigint))'
        )) }} as turn
    from numbered
    where record_number * {{ wanted }} % records < {{ wanted }}
),

stepped as (
    select
        *,
        -- a step of the generator of Park and Miller; squared below, modulo the same prime
        (cast((turn - 1) * records + record_number as bigint) % 2147483647) * 48271 % 2147483647 as step
    from turns
),

drawn as (
    select
        record_number,
        case
            when (records - 1) * records < {{ wanted }} then turn
            else (step * step + step) % 2147483647 % records + 1
        end as partner_number
    from stepped
)

select distinct
    least(l.record_key, r.record_key) as record_key_l,
    greatest(l.record_key, r.record_key) as record_key_r
from drawn
inner join numbered as l on drawn.record_number = l.record_number
inner join numbered as r on drawn.partner_number = r.record_number
where
    l.record_key <> r.record_key
    {%- if spec.source_mode != 'both' %}
    {{ dbt_dedup._source_allows(spec) }}
    {%- endif %}
{%- endmacro %}
