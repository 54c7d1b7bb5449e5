{#
    <entity>_cluster_issues, one row per finding of resolving that a person should know. `issue` is `too_large` (matches connect
    more than max_cluster_size distinct records, which were parted at the weakest bridges), `duplicate_in_source` (two records of a
    source that duplicate_free lists match, and stay apart against the model), or `contradicting_labels` (a chain of match labels
    joins two records labelled no_match, which stay together).
#}
{% macro cluster_issues(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
with

components as (
    select * from {{ ref('int_' ~ entity_name ~ '__components') }}
),

records as (
    select
        record_key,
        record_id,
        source
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

conflicts as (
    select * from {{ ref('int_' ~ entity_name ~ '__label_conflicts') }}
    where issue = 'contradicting_labels'
),

{% if spec.duplicate_free -%}
matches as (
    select
        record_id_l,
        record_id_r
    from {{ ref(entity_name ~ '_matches') }}
    where decision = 'match'
),

{% endif -%}
parted as (
    select
        connected_key,
        count(*) as records,
        count(distinct component_key) as parts,
        min(records.record_id) as record_id_l,
        max(records.record_id) as record_id_r
    from components
    inner join records on components.record_key = records.record_key
    group by connected_key
    having count(distinct component_key) > 1
),

final as (
    select
        'too_large' as issue,
        record_id_l,
        record_id_r,
        records,
        'matches connect them; parted at the weakest bridges into ' || cast(parts as {{ text_type }}) || ' parts' as detail
    from parted
    union all
    select
        'contradicting_labels' as issue,
        record_id_l,
        record_id_r,
        2 as records,
        'labelled no_match, but labels match: ' || chain as detail
    from conflicts
    {%- if spec.duplicate_free %}
    union all
    select
        'duplicate_in_source' as issue,
        matches.record_id_l,
        matches.record_id_r,
        2 as records,
        'both are of source ' || l.source || ', which duplicate_free lists' as detail
    from matches
    inner join records as l on matches.record_id_l = l.record_id
    inner join records as r on matches.record_id_r = r.record_id
    where
        l.source = r.source
        and l.source in ({% for source in spec.duplicate_free %}'{{ source | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif %}
)

select
    issue,
    record_id_l,
    record_id_r,
    cast(records as bigint) as records,
    detail
from final
order by issue asc, record_id_l asc, record_id_r asc
{% endmacro %}
