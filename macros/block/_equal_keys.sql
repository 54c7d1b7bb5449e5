{#
    The CTE `name` (and those before it) of the keys of records under a rule, one row per record and key: the hash of the rule's
    parts, one for each item of a part that is a list.
#}
{% macro _equal_keys(spec, rule, name) -%}
{%- set lists = rule.parts | selectattr('is_list') | map(attribute='column') | list -%}
{%- set columns = rule.parts | rejectattr('is_list') | map(attribute='column') | list -%}
{%- set hashed, read = [], columns | list -%}
{%- for column in columns -%}{%- do hashed.append('cast(' ~ column ~ ' as ' ~ dbt_dedup.text_type() ~ ')') -%}{%- endfor -%}
{%- for column in lists -%}
    {%- do hashed.append('item__' ~ loop.index) -%}
    {%- do read.append('item__' ~ loop.index) -%}
{%- endfor -%}
{%- set relation = namespace(name='records') -%}
{#- one list per CTE: in one select, the engine would pair the items of two lists instead of combining them #}
{%- for column in lists -%}
{{ name }}__items_{{ loop.index }} as (
    select
        *,
        {{ dbt_dedup.explode(column) }} as item__{{ loop.index }}
    from {{ relation.name }}
),
{% set relation.name = name ~ '__items_' ~ loop.index %}
{% endfor -%}
{{ name }} as (
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
)
{%- endmacro %}
