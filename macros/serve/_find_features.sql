{#
    SQL of the pairs of _find_pairs with their features, who proposed them, and what rules out a match: a rule of `never`, or a
    source of which an entity has one record. `records` has both sides (see _find_records).
#}
{% macro _find_features(entity_name, pairs, records) -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set by_source = {'link_only': 'is distinct from', 'dedupe_only': 'is not distinct from'}.get(spec.source_mode) -%}
{%- set sources = [] -%}
{%- for source in spec.duplicate_free -%}{%- do sources.append("'" ~ (source | string | replace("'", "''")) ~ "'") -%}{%- endfor -%}
{%- set is_identical = dbt_dedup.has_bit('pairs.rule_mask', spec.blocking | length) -%}
{%- set carried = dbt_dedup._find_columns() -%}
{#- who looks for a name or an address asks for all that have it -#}
{%- set ruled_by = {'never': spec.never | rejectattr('name', 'equalto', 'lone_evidence') | list} -%}
{%- set compared -%}
select
    pairs.record_key_l,
    pairs.record_key_r,
    pairs.record_id_l,
    r.record_id as record_id_r,
    pairs.entity_id,
    pairs.records_in_entity,
    pairs.representative_key,
    {{ ('l.source ' ~ by_source ~ ' r.source') if by_source else 'true' }} as is_compared,
    {{ is_identical }} as is_identical,
    {{ is_identical }} and l.is_distinctive as is_certain_copy,
    {{ dbt_dedup._proposed_by(spec, 'pairs.rule_mask', is_identical) | indent(4) }} as proposed_by,
    {%- if sources %}
    case
        when l.source = r.source and r.source in ({{ sources | join(', ') }})
            then 'duplicate_free ' || r.source
        else 'never ' || {{ dbt_dedup._never_rule(ruled_by) | indent(12) }}
    end as ruled_out_by
    {%- else %}
    'never ' || {{ dbt_dedup._never_rule(ruled_by) | indent(4) }} as ruled_out_by
    {%- endif %}
from {{ pairs }} as pairs
inner join {{ records }} as l on pairs.record_key_l = l.record_key
inner join {{ records }} as r on pairs.record_key_r = r.record_key
{%- endset -%}
{{- dbt_dedup.pair_features(entity_name, compared | string, carry=carried, records=records) -}}
{%- endmacro %}
