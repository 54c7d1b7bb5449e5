{#
    int_<entity>__closure_pairs, one row per pair of distinct records that matches connect, directly or through others, and that
    blocking did not propose: they are compared too, so that a pair without a score is evidence and not ignorance.
#}
{% macro closure_pairs(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

components as (
    select * from {{ ref('int_' ~ entity_name ~ '__components') }}
),

candidate_pairs as (
    select
        record_key_l,
        record_key_r
    from {{ ref('int_' ~ entity_name ~ '__candidate_pairs') }}
),

records as (
    select
        components.record_key,
        components.closure_key,
        records.source
    from components
    inner join {{ ref('int_' ~ entity_name ~ '__keyed_records') }} as records on components.record_key = records.record_key
    where records.record_key = records.representative_key
),

final as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r
    from records as l
    inner join records as r
        on l.closure_key = r.closure_key
        and l.record_key < r.record_key
    left join candidate_pairs
        on l.record_key = candidate_pairs.record_key_l
        and r.record_key = candidate_pairs.record_key_r
    where
        candidate_pairs.record_key_l is null
        {%- if spec.source_mode != 'both' %}
        {{ dbt_dedup._source_allows(spec) }}
        {%- endif %}
)

select * from final
{% endmacro %}
