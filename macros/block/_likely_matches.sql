{#
    SQL of pairs that are likely matches, one row per pair of representatives, at most 200,000 evenly spread ones: record_key_l <
    record_key_r. `basis` says where they come from:
    - truth, labels: the tables that the spec names.
    - scores: pairs that the model in production gives a probability of one half or more.
    - evidence: pairs of the most alike records (the 20 best by top_k over all fields) whose common values are together so rare that chance would
      not bring them about once among all pairs: the sum of their rarities, in bits, reaches log2 of the number of pairs. Values
      that are spelled almost alike (Jaro-Winkler above 0.8) count in part, of both sides the less rare one. Of many records it
      looks at the pairs among an even sample of 100,000.
#}
{% macro _likely_matches(spec, basis) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set keyed_records = ref('int_' ~ spec.name ~ '__keyed_records') -%}
with

all_records as (
    select * from {{ keyed_records }}
),
{% if basis == 'truth' %}
named as (
    select
        records.representative_key as record_key,
        records.source,
        truth.entity_id
    from all_records as records
    inner join {{ ref(spec.truth) }} as truth on records.record_id = cast(truth.record_id as {{ text_type }})
),

matches as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        l.source as source_l,
        r.source as source_r
    from named as l
    inner join named as r on l.entity_id = r.entity_id and l.record_key < r.record_key
),
{% elif basis == 'labels' %}
matches as (
    select
        least(l.representative_key, r.representative_key) as record_key_l,
        greatest(l.representative_key, r.representative_key) as record_key_r,
        l.source as source_l,
        r.source as source_r
    from {{ ref(spec.labels) }} as labels
    inner join all_records as l on cast(labels.record_id_l as {{ text_type }}) = l.record_id
    inner join all_records as r on cast(labels.record_id_r as {{ text_type }}) = r.record_id
    where labels.label = 'match' and l.representative_key <> r.representative_key
),
{% elif basis == 'scores' %}
matches as (
    select
        scores.record_key_l,
        scores.record_key_r,
        l.source as source_l,
        r.source as source_r
    from {{ ref('int_' ~ spec.name ~ '__pair_scores') }} as scores
    inner join all_records as l on scores.record_key_l = l.record_key
    inner join all_records as r on scores.record_key_r = r.record_key
    where scores.match_probability >= 0.5 and l.representative_key <> r.representative_key
),
{% else %}
{%- set columns, rarities = [], [] -%}
{%- for field in spec.fields -%}
    {%- do columns.append(field.name) -%}
    {%- set sides, f = [], field.name -%}
    {%- for side in ['l.', 'r.'] -%}{%- do sides.append('cast(' ~ side ~ f ~ ' as ' ~ text_type ~ ')') -%}{%- endfor -%}
    {%- do rarities.append(
        'coalesce(\n            least(l.' ~ f ~ '__rarity, r.' ~ f ~ '__rarity)'
        ~ '\n            * greatest(0, 5 * ' ~ dbt_dedup.jaro_winkler(sides[0], sides[1]) ~ ' - 4),\n            0\n        )'
    ) -%}
{%- endfor -%}
{%- set rule = dbt_dedup._entity_blocking(spec.name, [{'top_k': columns, 'k': 20}], spec.fields)[0] -%}
records as (
    select * from all_records
    where
        record_key = representative_key
        and cast(record_key as bigint) * 48271 % 2147483647 % (select cast(ceil(count(*) / 100000.0) as bigint) from all_records) = 0
),

{{ dbt_dedup._keys_of_rule(spec, rule, is_alone=false) }},

total as (
    select count(*) as records from records
),

matches as (
    select
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        l.source as source_l,
        r.source as source_r
    from rule_0__pairs as pairs
    inner join records as l on pairs.record_key_l = l.record_key
    inner join records as r on pairs.record_key_r = r.record_key
    cross join total
    where
        {{ rarities | join('\n        + ') }}
        >= 2 * log2(total.records) - 1
),
{% endif %}
distinct_matches as (
    select distinct
        record_key_l,
        record_key_r
    from matches
    {%- if spec.source_mode == 'link_only' %}
    where source_l is distinct from source_r
    {%- elif spec.source_mode == 'dedupe_only' %}
    where source_l is not distinct from source_r
    {%- endif %}
),

spread as (
    select
        *,
        row_number() over (
            order by (cast(record_key_l as bigint) * 48271 + record_key_r) % 2147483647 asc, record_key_l asc, record_key_r asc
        ) as match_number
    from distinct_matches
)

select
    match_number,
    record_key_l,
    record_key_r
from spread
where match_number <= 200000
{%- endmacro %}
