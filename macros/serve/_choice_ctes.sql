{#
    The CTEs that choose the values of one choice (see _survivorship) for the entities of several records, up to
    <field>__chosen: cluster_key, value, original text and record id. They read `shared`, the records of these entities,
    `value_counts` and `token_counts`.

    1. <choice>__counted: the distinct values of each entity; <choice>__several: those of entities that have several.
    2. <choice>__pairs: which of them are variants of each other; <choice>__supported: what variants have together.
    3. <choice>__first: the value that the rule puts first, <choice>__near: its variants.
    4. <field>__value: the best of the variants; <field>__chosen: its best spelling.
#}
{% macro _choice_ctes(spec, choice) -%}
{%- set c = choice.name -%}
{%- set names = choice.fields | map(attribute='name') | list -%}
{%- set types = {} -%}
{%- for field in choice.fields -%}{%- do types.update({field.name: dbt_dedup.prepare_field(field)}) -%}{%- endfor -%}
-- {{ names | join(', ') }}: {{ choice.rule }}
{{ c }}__counted as (
    select
        cluster_key,
        {%- for f in names %}
        {{ f }},
        {%- endfor %}
        {%- for f, type in types.items() if type.doubtful %}
        min(case
            when {{ type.doubtful | indent(12) }} then 1
            else 0
        end) as {{ f }}__is_doubtful,
        {%- endfor %}
        count(*) as records,
        max(updated_at) as last_updated_at,
        min(source_rank) as source_rank
    from shared
    where
        {{ names | join(' is not null\n        or ') }} is not null
    group by cluster_key, {{ names | join(', ') }}
),

{{ c }}__numbers as (
    select
        cluster_key,
        count(*) as distinct_values
    from {{ c }}__counted
    group by cluster_key
),

{{ c }}__single as (
    select {{ c }}__counted.*
    from {{ c }}__counted
    inner join {{ c }}__numbers on {{ c }}__counted.cluster_key = {{ c }}__numbers.cluster_key
    where {{ c }}__numbers.distinct_values = 1
),

{{ c }}__several as (
    select
        {{ c }}__counted.*,
        row_number() over (
            partition by {{ c }}__counted.cluster_key
            order by {{ names | join(' asc nulls last, ') }} asc nulls last
        ) as value_number
    from {{ c }}__counted
    inner join {{ c }}__numbers on {{ c }}__counted.cluster_key = {{ c }}__numbers.cluster_key
    where {{ c }}__numbers.distinct_values > 1
),
{% if choice.joins_variants %}
{{ dbt_dedup._variant_ctes(spec, choice, types) }}
{%- endif %}
{{ c }}__ranked as (
    select
        *,
        row_number() over (
            partition by cluster_key
            order by
                {%- for term in dbt_dedup._survivorship_order(choice) %}
                {{ term | indent(16) }}{{ ',' if not loop.last }}
                {%- endfor %}
        ) as {{ c }}__place
    from {{ c }}__{{ 'supported' if choice.joins_variants else 'several' }}
),

{{ c }}__first as (
    select * from {{ c }}__ranked
    where {{ c }}__place = 1
),
{% if choice.joins_variants %}
{{ c }}__near as (
    select * from {{ c }}__first
    union all
    select {{ c }}__ranked.*
    from {{ c }}__first
    inner join {{ c }}__pairs
        on {{ c }}__first.cluster_key = {{ c }}__pairs.cluster_key
        and {{ c }}__first.value_number = {{ c }}__pairs.value_number
    inner join {{ c }}__ranked
        on {{ c }}__pairs.cluster_key = {{ c }}__ranked.cluster_key
        and {{ c }}__pairs.other_number = {{ c }}__ranked.value_number
    where {{ c }}__pairs.is_variant = 1
),
{% endif %}
{%- for field in choice.fields %}
{{ dbt_dedup._best_value_ctes(spec, choice, field, types[field.name]) }}
{%- endfor %}
{%- endmacro %}
