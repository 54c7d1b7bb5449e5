{#
    SQL of about `random_pairs` pairs of records that nothing but chance brings together, one row per pair: record_key_l <
    record_key_r. Each record stands on one side equally often (evenly spread ones only, where there are more records than
    pairs wanted), its partners follow from whole-number arithmetic: the same pairs on every engine and in every run. Of
    few records it is every pair. Pairs that the source mode rules out are left out.
#}
{% macro random_pairs(spec) %}
    {%- set records = ref('stg_' ~ spec.name ~ '__records') -%}
    {%- set wanted = 'cast(' ~ spec.random_pairs ~ ' as bigint)' -%}
    select distinct
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r
    from (
        select
            sides.record_key as record_key_1,
            case
                when (counted.records - 1) * counted.records < {{ wanted }} then turns.record_key
                else {{ dbt_dedup.mixed_number('(turns.record_key - 1) * counted.records + sides.record_key') }} % counted.records + 1
            end as record_key_2
        from {{ records }} as sides
        cross join (select count(*) as records from {{ records }}) as counted
        inner join {{ records }} as turns on (turns.record_key - 1) * counted.records < {{ wanted }}
        where sides.record_key * {{ wanted }} % counted.records < {{ wanted }}
    ) as drawn
    inner join {{ records }} as l on drawn.record_key_1 = l.record_key
    inner join {{ records }} as r on drawn.record_key_2 = r.record_key
    where
        l.record_key <> r.record_key
        {%- if spec.source_mode == 'link_only' %}
        and l.source is distinct from r.source
        {%- elif spec.source_mode == 'dedupe_only' %}
        and l.source is not distinct from r.source
        {%- endif %}
{% endmacro %}
