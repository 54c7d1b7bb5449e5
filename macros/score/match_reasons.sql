{#
    <entity>_match_reasons, one row per scored pair and field that counts for or against a match: what the field's features
    contribute, the strongest first. The pairs of closure, which blocking did not propose, are here too. Computed as it is read.
#}
{% macro match_reasons(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.features | map(attribute='field') | unique | list -%}
{%- set scored_by = {'blocking': '__pair_scores', 'closure': '__closure_scores'} -%}
with

records as (
    select
        record_key,
        record_id
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

scores as (
    {%- for compared_by, relation in scored_by.items() %}
    select
        '{{ compared_by }}' as compared_by,
        record_key_l,
        record_key_r,
        {%- for field in fields %}
        weight_{{ field }},
        {%- endfor %}
        model_version
    from {{ ref('int_' ~ entity_name ~ relation) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- places are counted, not sorted: the weights of a pair are in one row
weights as (
    {%- for field in fields %}
    select
        compared_by,
        record_key_l,
        record_key_r,
        '{{ field }}' as field,
        1
        {%- for other in fields if other != field %}
        + case
            when abs(weight_{{ other }}) {{ '>=' if other < field else '>' }} abs(weight_{{ field }}) then 1
            else 0
        end
        {%- endfor %} as reason_number,
        cast(weight_{{ field }} as double) as match_weight,
        model_version
    from scores
    where weight_{{ field }} <> 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        l.record_id as record_id_l,
        r.record_id as record_id_r,
        weights.compared_by,
        weights.field,
        cast(weights.reason_number as bigint) as reason_number,
        weights.match_weight,
        weights.model_version
    from weights
    inner join records as l on weights.record_key_l = l.record_key
    inner join records as r on weights.record_key_r = r.record_key
)

select * from final
{% endmacro %}
