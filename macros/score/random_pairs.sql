{#
    SQL of about `random_pairs` pairs of records that nothing but chance brings together, one row per pair: record_key_l <
    record_key_r. Each record stands on one side equally often (evenly spread ones only, where there are more records than
    pairs wanted), its partners follow from whole-number arithmetic: the same pairs on every engine and in every run. Of
    few records it is every pair. Pairs that the source mode rules out are left out.
#}
{% macro random_pairs(spec) %}
    {%- set records = ref('int_' ~ spec.name ~ '__keyed_records') -%}
    {%- set wanted = 'cast(' ~ spec.random_pairs ~ ' as bigint)' -%}
    select distinct
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r
    from (
        select
            record_key_1,
            case
                when (records - 1) * records < {{ wanted }} then turn
                else {{ dbt_dedup.mixed_number('(turn - 1) * records + record_key_1') }} % records + 1
            end as record_key_2
        from (
            select
                sides.record_key as record_key_1,
                counted.records,
                {# turns enough to make `random_pairs` with all records, and no more than records -#}
                {{ dbt_dedup.explode(dbt_dedup.whole_numbers(
                    'least(counted.records, cast(ceil(cast(' ~ wanted ~ ' as double) / counted.records) as bigint))'
                )) }} as turn
            from {{ records }} as sides
            cross join (select count(*) as records from {{ records }}) as counted
            where sides.record_key * {{ wanted }} % counted.records < {{ wanted }}
        ) as turns
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
