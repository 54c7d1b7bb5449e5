{#
    SQL of the candidate pairs of an entity with `incremental: true`, with row_hash and is_scored (see candidate_pair_features).
    `definition` is the digest of how they are compared. The scores are no dependency of the model: they are built from it.
#}
{% macro _compared_pairs(spec, definition) %}
{%- set keyed_records = ref('int_' ~ spec.name ~ '__keyed_records') -%}
{%- set scores = this.incorporate(path={'identifier': 'int_' ~ spec.name ~ '__pair_scores_python'}) -%}
{%- set known = load_relation(scores) if execute and not should_full_refresh() else none -%}
{%- set has_hashes = known and 'row_hash' in adapter.get_columns_in_relation(known) | map(attribute='name') | list -%}
with

hashed as (
    select
        candidates.record_key_l,
        candidates.record_key_r,
        case
            when l.row_hash is not null and r.row_hash is not null
                then {{ dbt_dedup.hash_values(['l.record_key', 'r.record_key', 'l.row_hash', 'r.row_hash', definition]) | indent(16) }}
        end as row_hash
    from {{ ref('int_' ~ spec.name ~ '__candidate_pairs') }} as candidates
    inner join {{ keyed_records }} as l on candidates.record_key_l = l.record_key
    inner join {{ keyed_records }} as r on candidates.record_key_r = r.record_key
)

select
    *,
    {%- if has_hashes %}
    coalesce(row_hash in (select row_hash from {{ known }}), false) as is_scored
    {%- else %}
    false as is_scored
    {%- endif %}
from hashed
{% endmacro %}
