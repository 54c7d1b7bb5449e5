{#
    What `dbt-dedup suggest-blocking` needs, as JSON: `transforms` of each field that a rule may name, the fields of text (`texts`),
    and for each of the `rules` (as in a spec) its name and the SQL of its keys. The steps read relations that Python gives:
    `dedup_rule_keys`, the keys of one rule, and `dedup_likely_matches` (match_number, record_key_l, record_key_r). `costs` counts
    the pairs of a rule from its block sizes, before any join; `found` lists the likely matches that agree in its keys, and whether
    it proposes them or their block is too large. `matches` holds
    SQL of likely matches by where they come from (_likely_matches).
#}
{% macro _candidate_rules(entity_name, rules) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set transforms, texts = {}, [] -%}
{%- for field in spec.fields -%}
    {%- set prepared = dbt_dedup.prepare_field(field) -%}
    {%- set lists = prepared.lists.keys() | list + prepared.record_lists.keys() | list + prepared.token_lists -%}
    {#- trigrams are what top_k and minhash are for #}
    {%- do transforms.update({
        field.name: prepared.derived_names + prepared.parts.keys() | list + lists | reject('equalto', 'ngrams') | list
    }) -%}
    {%- if prepared.tokens -%}{%- do texts.append(field.name) -%}{%- endif -%}
{%- endfor -%}
{%- set candidates = [] -%}
{%- for given in rules -%}
    {#- one at a time: a spec has no more than 60 #}
    {%- set rule = dbt_dedup._entity_blocking(entity_name, [given], spec.fields)[0] -%}
    {%- set keys -%}
with

records as (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
    where record_key = representative_key
),

{{ dbt_dedup._keys_of_rule(spec, rule, is_alone=false) }}

select * from rule_{{ rule.id }}
    {%- endset -%}
    {%- do candidates.append({'rule': given, 'name': rule.name, 'keys': keys | string}) -%}
{%- endfor -%}
{%- set blocks -%}
with

block_keys as (
    select * from dedup_rule_keys
),

{{ dbt_dedup._block_sizes(spec) }}
{%- endset -%}
{%- set costs -%}
{{ blocks }}

select
    coalesce(sum(case when records <= {{ spec.max_block_size }} then pairs end), 0) as pairs,
    coalesce(sum(case when records > {{ spec.max_block_size }} then pairs end), 0) as dropped_pairs,
    coalesce(max(records), 0) as largest_block
from blocks
{%- endset -%}
{%- set found -%}
{{ blocks }},

shared_keys as (
    select
        block_keys.record_key,
        block_keys.key_hash,
        blocks.records
    from block_keys
    inner join blocks on block_keys.key_hash = blocks.key_hash
)

select
    matches.match_number,
    min(l.records) <= {{ spec.max_block_size }} as is_proposed
from dedup_likely_matches as matches
inner join shared_keys as l on matches.record_key_l = l.record_key
inner join shared_keys as r on matches.record_key_r = r.record_key and l.key_hash = r.key_hash
group by matches.match_number
order by matches.match_number asc
{%- endset -%}
{%- set matches = {} -%}
{%- for basis in ['truth', 'labels', 'scores', 'evidence'] if basis not in ['truth', 'labels'] or spec[basis] -%}
    {%- do matches.update({basis: dbt_dedup._likely_matches(spec, basis) | string}) -%}
{%- endfor -%}
{{- return(tojson({
    'transforms': transforms, 'texts': texts, 'rules': candidates, 'matches': matches, 'costs': costs | string, 'found': found | string,
    'records': 'select count(*) from ' ~ ref('int_' ~ entity_name ~ '__keyed_records'),
})) -}}
{% endmacro %}
