{#
    The CTE `changed_pairs`: the scored pairs whose row in <entity>_matches is missing or was made from something else, with
    row_hash, a hash of all that the row is made from: both records, the score, the rules that proposed it, the decision of
    people, the thresholds and `definition`. It is null, and the row made again, where a record has no hash.
#}
{% macro _changed_pairs(spec, definition) -%}
{%- set keeps = dbt_dedup._kept_rows() -%}
{%- set hashed = ['l.row_hash', 'r.row_hash', 'l.is_distinctive', 'scores.match_probability', 'scores.match_weight', 'scores.model_version'] -%}
{%- for field in spec.features | map(attribute='field') | unique -%}{%- do hashed.append('scores.weight_' ~ field) -%}{%- endfor -%}
{%- do hashed.extend([
    'candidates.rule_mask', 'links.decision', 'links.origin', 'thresholds.match_threshold', 'thresholds.review_threshold', definition
]) -%}
{%- set keyed_records = ref('int_' ~ spec.name ~ '__keyed_records') -%}
{%- if not keeps -%}
{{ dbt_dedup._every_row() }}
{% endif -%}
hashed_pairs as (
    select
        scores.*,
        case
            when l.row_hash is not null and r.row_hash is not null
                then {{ dbt_dedup.hash_values(hashed) | indent(16) }}
        end as row_hash
    from {{ ref('int_' ~ spec.name ~ '__pair_scores') }} as scores
    cross join {{ ref('int_' ~ spec.name ~ '__match_thresholds') }} as thresholds
    inner join {{ ref('int_' ~ spec.name ~ '__candidate_pairs') }} as candidates
        on scores.record_key_l = candidates.record_key_l
        and scores.record_key_r = candidates.record_key_r
    inner join {{ keyed_records }} as l on scores.record_key_l = l.record_key
    inner join {{ keyed_records }} as r on scores.record_key_r = r.record_key
    left join {{ ref('int_' ~ spec.name ~ '__links') }} as links
        on scores.record_key_l = links.record_key_l
        and scores.record_key_r = links.record_key_r
),

changed_pairs as materialized (
    select * from hashed_pairs
    {%- if keeps %}
    where coalesce(row_hash not in (select row_hash from {{ this }} where row_hash is not null), true)
    {%- endif %}
),
{%- endmacro %}
