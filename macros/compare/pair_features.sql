{#
    The comparison features of any relation of pairs (record_key_l, record_key_r): candidates, labelled pairs, random pairs.
    Training, production and tests all read this macro. `pairs` is a relation, its name, or SQL that begins with `select`
    or `with`; `carry` names further columns of the pairs to keep. `are_few` says that few of the records are in a pair: then
    only these are read in full. `records` is a relation to read instead of int_<entity>__keyed_records, with its columns.
#}
{% macro pair_features(entity_name, pairs, carry=[], are_few=false, records=none) %}
{%- set features = dbt_dedup.entity(entity_name).features -%}
{%- set is_sql = (pairs | string).split() | first in ['select', 'with'] -%}
{%- set keys = carry + ['record_key_l', 'record_key_r'] -%}
{%- set all_records = records or ref('int_' ~ entity_name ~ '__keyed_records') -%}
{#- all of them are joined as they are stored: DuckDB copies what a CTE gives that is read twice, 0.6 GB for 1,000,000 customers -#}
{%- set joined = 'records' if are_few else all_records -%}
{%- set reads = {} -%}
{%- for feature in features -%}{%- do reads.update(feature.get('reads', {})) -%}{%- endfor -%}
with

pairs as (
    {{ (pairs if is_sql else 'select * from ' ~ pairs) | trim | indent(4) }}
),
{%- if are_few %}

records as (
    select * from {{ all_records }}
    where record_key in (
        select record_key_l from pairs
        union all
        select record_key_r from pairs
    )
),
{%- endif %}

{#- a feature that reads columns of the pair is computed in a second step #}

{{ 'compared' if reads else 'features' }} as (
    select
        {%- for column in keys %}
        pairs.{{ column }},
        {%- endfor %}
        {{ dbt_dedup._feature_columns(features | rejectattr('reads') | list) | indent(8) }}
        {%- for name, sql in reads.items() %},
        {%- if loop.first %}
        -- what the features of the next step read
        {%- endif %}
        {{ sql | indent(8) }} as {{ name }}
        {%- endfor %}
    from pairs
    inner join {{ joined }} as l on pairs.record_key_l = l.record_key
    inner join {{ joined }} as r on pairs.record_key_r = r.record_key
)
{%- if reads %},

features as (
    select
        {%- for column in keys %}
        {{ column }},
        {%- endfor %}
        {{ dbt_dedup._feature_columns(features, computed=true) | indent(8) }}
    from compared
)
{%- endif %}

select * from features
{% endmacro %}
