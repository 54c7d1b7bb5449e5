{#
    The CTEs that choose the values of one choice (see _survivorship) for the entities of several records, up to
    <field>__chosen: cluster_key, value, original text and record id. They read `shared`, the records of these entities, and
    `value_counts` and `token_counts`.

    1. <choice>__values: the distinct values of each entity, counted; <choice>__pairs: which of them are variants of each other.
    2. <choice>__first: the value that the rule puts first, <choice>__near: its variants.
    3. <field>__value: the best of the variants; <field>__chosen: its best spelling.
#}
{% macro _choice_ctes(spec, choice) -%}
{%- set c = choice.name -%}
{%- set names = choice.fields | map(attribute='name') | list -%}
{%- set any_value = names | join(' is not null\n        or ') ~ ' is not null' -%}
{%- set types = {} -%}
{%- for field in choice.fields -%}{%- do types.update({field.name: dbt_dedup.prepare_field(field)}) -%}{%- endfor -%}
-- {{ names | join(', ') }}: {{ choice.rule }}
{{ c }}__counted as (
    select
        cluster_key,
        {%- for f in names %}
        {{ f }},
        {%- endfor %}
        {%- if choice.joins_variants %}
        {%- for f, type in types.items() %}
        {{ 'min(case when ' ~ type.doubtful ~ ' then 1 else 0 end)' if type.doubtful else '0' }} as {{ f }}__is_doubtful,
        {%- endfor %}
        {%- endif %}
        count(*) as records,
        max(updated_at) as last_updated_at,
        min(source_rank) as source_rank
    from shared
    where
        {{ any_value }}
    group by cluster_key, {{ names | join(', ') }}
),

{{ c }}__values as (
    select
        *,
        row_number() over (partition by cluster_key order by {{ names | join(', ') }}) as value_number,
        count(*) over (partition by cluster_key) as values_in_entity
    from {{ c }}__counted
),
{% if choice.joins_variants %}
{{ c }}__several as (
    select * from {{ c }}__values
    where values_in_entity > 1
),

{%- if choice.rival %}

{{ dbt_dedup._mistaken_ctes(spec, choice) }}
{%- endif %}
{%- set lookups, read, same, comparable, lesser, parts = {}, [], [], [], {}, [] -%}
{%- for f, type in types.items() -%}
    {%- do lookups.update(type.lookups) -%}
    {%- set l, r = 'l.' ~ f, 'r.' ~ f -%}
    {%- set variant = dbt_dedup._of_pair(type.variant, l, r) if type.variant else none -%}
    {%- do same.append('coalesce(' ~ l ~ ' = ' ~ r ~ (' or ' ~ variant if variant else '') ~ ', true)') -%}
    {%- do comparable.append('(' ~ l ~ ' is not null and ' ~ r ~ ' is not null)') -%}
    {%- set lesser_if = [dbt_dedup._of_pair(type.lesser, l, r)] if type.lesser else [] -%}
    {%- if type.has_parts -%}
        {%- do lesser_if.append('rest_of_' ~ f ~ '.records > 1') -%}
        {%- do parts.append(f) -%}
    {%- endif -%}
    {%- if lesser_if -%}{%- do lesser.update({f: lesser_if | join(' or ')}) -%}{%- endif -%}
    {%- do read.extend([type.variant or '', type.lesser or '']) -%}
{%- endfor %}
{%- for name in dbt_dedup._lookups_read(lookups, read) %}

{{ c }}__{{ name }} as (
    {{ dbt_dedup._lookup_map_of(lookups[name]) | indent(4) }}
),
{%- endfor %}

{{ c }}__pairs as (
    select
        l.cluster_key,
        l.value_number,
        r.value_number as other_number,
        r.records,
        r.last_updated_at,
        {%- for f, sql in lesser.items() %}
        case when {{ sql | indent(8) }} then 1 else 0 end as {{ f }}__is_lesser,
        {%- endfor %}
        {{ same | join('\n        and ') }}
        {%- if names | length > 1 %}
        and ({{ comparable | join('\n        or ') }})
        {%- endif %} as is_variant
    from {{ c }}__several as l
    inner join {{ c }}__several as r
        on l.cluster_key = r.cluster_key
        and l.value_number <> r.value_number
    {%- for f in parts %}
    -- of a value of several words, what is left without the other value
    left join value_counts as rest_of_{{ f }}
        on rest_of_{{ f }}.field = '{{ f }}'
        and {{ dbt_dedup._rest_of('l.' ~ f, 'r.' ~ f) | indent(8) }} = rest_of_{{ f }}.value
    {%- endfor %}
    {%- for name in dbt_dedup._lookups_read(lookups, read) %}
    cross join {{ c }}__{{ name }} as {{ name }}
    {%- endfor %}
),

{{ c }}__together as (
    select
        cluster_key,
        value_number,
        {%- for f in lesser %}
        max({{ f }}__is_lesser) as {{ f }}__is_lesser,
        {%- endfor %}
        sum(case when is_variant then records else 0 end) as records_of_variants,
        max(case when is_variant then last_updated_at end) as variants_updated_at
    from {{ c }}__pairs
    group by cluster_key, value_number
),

{{ c }}__supported as (
    select
        {{ c }}__values.*,
        {%- for f in names %}
        {{ 'coalesce(' ~ c ~ '__together.' ~ f ~ '__is_lesser, 0)' if f in lesser else '0' }} as {{ f }}__is_lesser,
        {%- endfor %}
        {%- set flags = [] -%}
        {%- for f in lesser -%}{%- do flags.append('coalesce(' ~ c ~ '__together.' ~ f ~ '__is_lesser, 0)') -%}{%- endfor %}
        {{ flags | join('\n        + ') or '0' }} as lesser_fields,
        {{ choice.fields | map(attribute='name') | join('__is_doubtful + ') }}__is_doubtful as doubtful_fields,
        {%- if choice.rival %}
        coalesce({{ c }}__mistaken.foreignness, 0) as foreignness,
        {%- endif %}
        {{ c }}__values.records + coalesce({{ c }}__together.records_of_variants, 0) as support,
        greatest({{ c }}__values.last_updated_at, {{ c }}__together.variants_updated_at) as support_updated_at
    from {{ c }}__values
    left join {{ c }}__together
        on {{ c }}__values.cluster_key = {{ c }}__together.cluster_key
        and {{ c }}__values.value_number = {{ c }}__together.value_number
    {%- if choice.rival %}
    left join {{ c }}__mistaken
        on {{ c }}__values.cluster_key = {{ c }}__mistaken.cluster_key
        and {{ c }}__values.value_number = {{ c }}__mistaken.value_number
    {%- endif %}
),
{% endif %}
{{ c }}__ranked as (
    select
        *,
        row_number() over (
            partition by cluster_key
            order by
                {%- for term in dbt_dedup._survivorship_order(choice) %}
                {{ term | indent(16) }}{{ ',' if not loop.last }}
                {%- endfor %}
        ) as place
    from {{ c }}__{{ 'supported' if choice.joins_variants else 'values' }}
),

{{ c }}__first as (
    select * from {{ c }}__ranked
    where place = 1
),
{% if choice.joins_variants %}
{{ c }}__near as (
    select * from {{ c }}__first
    where values_in_entity > 1
    union all
    select {{ c }}__ranked.*
    from {{ c }}__first
    inner join {{ c }}__pairs
        on {{ c }}__first.cluster_key = {{ c }}__pairs.cluster_key
        and {{ c }}__first.value_number = {{ c }}__pairs.value_number
    inner join {{ c }}__ranked
        on {{ c }}__pairs.cluster_key = {{ c }}__ranked.cluster_key
        and {{ c }}__pairs.other_number = {{ c }}__ranked.value_number
    where {{ c }}__pairs.is_variant
),
{% endif %}
{%- for field in choice.fields %}
{{ dbt_dedup._best_value_ctes(spec, choice, field, types[field.name]) }}
{%- endfor %}
{%- endmacro %}
