{#
    The CTE rule_<n>__items of a fuzzy rule, one row per record and distinct item of its parts: the items of a list, or the
    character trigrams of a single value. An item counts the same whichever part it is from.
#}
{% macro _rule_items(spec, rule) -%}
{%- set longest = dbt_dedup.method_constants().compared_characters -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- for part in rule.parts -%}
rule_{{ rule.id }}__part_{{ loop.index }} as (
    {%- if part['items'] %}
    select
        record_key,
        source,
        {{ dbt_dedup.explode(part['items']) | indent(8) }} as item
    from records
    {%- else %}
    select
        record_key,
        source,
        {{ dbt_dedup.explode(
            dbt_dedup.character_ngrams('cast(' ~ part.column ~ ' as ' ~ text_type ~ ')', 3, longest)
        ) | indent(8) }} as item
    from records
    {%- endif %}
    where {{ part.column }} is not null
),

{% endfor -%}
rule_{{ rule.id }}__all_items as (
    {%- for part in rule.parts %}
    select
        record_key,
        source,
        cast(item as {{ text_type }}) as item
    from rule_{{ rule.id }}__part_{{ loop.index }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

rule_{{ rule.id }}__items as (
    select distinct * from rule_{{ rule.id }}__all_items
    where item is not null
),
{%- endmacro %}
