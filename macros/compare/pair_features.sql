{#
    The comparison features of any pairs (record_key_l, record_key_r): candidates, labelled pairs, random pairs. `pairs` is a
    relation or SQL. Training, production and tests all read this macro. `carry` names further columns of the pairs to keep.
#}
{% macro pair_features(entity_name, pairs, carry=[]) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

pairs as (
    {{ (pairs if pairs is string else 'select * from ' ~ pairs) | indent(4) }}
),

records as (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

features as (
    select
        {%- for column in carry %}
        pairs.{{ column }},
        {%- endfor %}
        pairs.record_key_l,
        pairs.record_key_r,
        {%- for feature in spec.features %}
        cast({{ feature.sql }} as double) as {{ feature.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from pairs
    inner join records as l on pairs.record_key_l = l.record_key
    inner join records as r on pairs.record_key_r = r.record_key
)

select * from features
{% endmacro %}
