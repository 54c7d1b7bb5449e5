{#
    int_<entity>__block_keys, one row per record, blocking rule and key: the rule's key as a hash. Records whose fields are
    all equal are blocked once, by their representative. A null in any part of a rule gives no key, so nulls never meet.
#}
{% macro block_keys(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as (
    select * from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
    where record_key = representative_key
),

{% for rule in spec.blocking %}
{%- set lists = rule.parts | selectattr('is_list') | map(attribute='column') | list -%}
{%- set columns = rule.parts | rejectattr('is_list') | map(attribute='column') | list -%}
{%- set hashed = [] -%}
{%- for column in columns -%}{%- do hashed.append('cast(' ~ column ~ ' as varchar)') -%}{%- endfor -%}
{%- for column in lists -%}{%- do hashed.append('item_' ~ loop.index) -%}{%- endfor -%}
{%- set relation = namespace(name='records') -%}
-- {{ rule.name }}
{#- one list after the other: side by side, the engine would pair their items instead of combining them #}
{%- for column in lists %}
rule_{{ rule.id }}__items_{{ loop.index }} as (
    select
        *,
        {{ dbt_dedup.explode(column) }} as item_{{ loop.index }}
    from {{ relation.name }}
),
{% set relation.name = 'rule_' ~ rule.id ~ '__items_' ~ loop.index -%}
{%- endfor %}
rule_{{ rule.id }} as (
    select distinct
        cast({{ rule.id }} as smallint) as rule_id,
        {{ dbt_dedup.hash_values(hashed) }} as key_hash,
        record_key,
        source
    from {{ relation.name }}
    {%- for column in columns %}
    {{ 'where' if loop.first else 'and' }} {{ column }} is not null
    {%- endfor %}
    {%- for column in lists %}
    {{ 'where' if loop.first and not columns else 'and' }} item_{{ loop.index }} is not null
    {%- endfor %}
),

{% endfor -%}
final as (
    {%- for rule in spec.blocking %}
    select * from rule_{{ rule.id }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    rule_id,
    key_hash,
    record_key
    {%- if spec.source_mode != 'both' %},
    source
    {%- endif %}
from final
{% endmacro %}
