{#
    int_<entity>__block_keys, one row per record, blocking rule and key of the record under the rule, as a hash. Of records
    that are equal in every field only the representative is here. A null in any part of a rule gives no key, so records
    without a value never meet. With `records`, the same of another relation with the columns of int_<entity>__keyed_records.
#}
{% macro block_keys(entity_name, records=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
with

records as (
    select * from {{ records or ref('int_' ~ entity_name ~ '__keyed_records') }}
    where record_key = representative_key
),

{% for rule in spec.blocking %}
{%- set lists = rule.parts | selectattr('is_list') | map(attribute='column') | list -%}
{%- set columns = rule.parts | rejectattr('is_list') | map(attribute='column') | list -%}
{%- set hashed, read = [], columns | list -%}
{%- for column in columns -%}{%- do hashed.append('cast(' ~ column ~ ' as ' ~ dbt_dedup.text_type() ~ ')') -%}{%- endfor -%}
{%- for column in lists -%}
    {%- do hashed.append('item_' ~ loop.index) -%}
    {%- do read.append('item_' ~ loop.index) -%}
{%- endfor -%}
{%- set relation = namespace(name='records') -%}
-- {{ rule.name }}
{#- one list per CTE: in one select, the engine would pair the items of two lists instead of combining them #}
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
    {#- without lists, a record has one key under the rule and there is nothing to make distinct #}
    select {{- ' distinct' if lists }}
        cast({{ rule.id }} as smallint) as rule_id,
        {{ dbt_dedup.hash_values(hashed) | indent(8) }} as key_hash,
        record_key
        {%- if spec.source_mode != 'both' %},
        source
        {%- endif %}
    from {{ relation.name }}
    {%- if read | length == 1 %}
    where {{ read[0] }} is not null
    {%- else %}
    where
        {%- for column in read %}
        {{ 'and ' if not loop.first }}{{ column }} is not null
        {%- endfor %}
    {%- endif %}
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

select * from final
{% endmacro %}
