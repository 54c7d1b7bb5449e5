{#
    stg_<entity>__records, one row per input record: for each field the original text, the standardized value, the problem
    that emptied it, derived keys for blocking and comparing, and how rare the value is.
#}
{% macro stg_records(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.fields -%}
{%- set prepared = {} -%}
{%- set lookups = [] -%}
{%- for field in fields -%}
    {%- do prepared.update({field.name: dbt_dedup.prepare_field(field)}) -%}
    {%- for lookup in prepared[field.name].lookups if lookup not in lookups -%}{%- do lookups.append(lookup) -%}{%- endfor -%}
{%- endfor -%}
{%- set types = fields | map(attribute='type') | unique | list -%}
{{ config(pre_hook="{{ dbt_dedup.check_input('" ~ entity_name ~ "') }}") }}
with

input as (
    select * from {{ dbt_dedup.input_relation(spec) }}
),

originals as (
    select
        cast(row_number() over (order by cast({{ adapter.quote(spec.record_id) }} as varchar)) as integer) as record_key,
        cast({{ adapter.quote(spec.record_id) }} as varchar) as record_id,
        {{ 'cast(' ~ adapter.quote(spec.source) ~ ' as varchar)' if spec.source else 'cast(null as varchar)' }} as source,
        {{ dbt_dedup.parse_timestamp('cast(' ~ adapter.quote(spec.updated_at) ~ ' as varchar)')
            if spec.updated_at else 'cast(null as timestamp)' }} as updated_at,
        {%- for field in fields %}
        nullif(trim({{ dbt_dedup.input_text(field) }}), '') as {{ field.name }}__original
        {{- ',' if not loop.last }}
        {%- endfor %}
    from input
),
{% for lookup in lookups %}
{{ lookup }} as (
    {{ dbt_dedup.lookup_relation(lookup) | indent(4) }}
),
{% endfor %}
{%- for type in types %}
placeholders_{{ type }} as (
    select {{ dbt_dedup.lookup_map('value', 'reason') }} as entries
    from (
        select
            value,
            min(reason) as reason
        from {{ ref('dedup_placeholders') }}
        where field_type in ('any', '{{ type }}')
        group by value
    ) as listed
),
{% endfor %}
cleaned as (
    select
        *,
        {%- for field in fields %}
        {{ prepared[field.name].clean }} as {{ field.name }}__clean{{ ',' if not loop.last }}
        {%- endfor %}
    from originals
),

standardized as (
    select
        cleaned.*,
        {%- for field in fields %}
        {{ prepared[field.name].value }} as {{ field.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cleaned
    {%- for lookup in lookups %}
    cross join {{ lookup }}
    {%- endfor %}
),

judged as (
    select
        standardized.*,
        {%- for field in fields %}
        case
            when {{ field.name }}__original is null then null
            when {{ dbt_dedup.lookup('placeholders_' ~ field.type ~ '.entries', 'lower(' ~ field.name ~ '__original)') }} is not null
                then {{ dbt_dedup.lookup('placeholders_' ~ field.type ~ '.entries', 'lower(' ~ field.name ~ '__original)') }}
            when {{ dbt_dedup.lookup('placeholders_' ~ field.type ~ '.entries', 'cast(' ~ field.name ~ ' as varchar)') }} is not null
                then {{ dbt_dedup.lookup('placeholders_' ~ field.type ~ '.entries', 'cast(' ~ field.name ~ ' as varchar)') }}
            {%- for problem in prepared[field.name].problems %}
            when {{ problem.when }} then '{{ problem.name }}'
            {%- endfor %}
        end as {{ field.name }}__problem{{ ',' if not loop.last }}
        {%- endfor %}
    from standardized
    {%- for type in types %}
    cross join placeholders_{{ type }}
    {%- endfor %}
),

trusted as (
    select
        record_key,
        record_id,
        source,
        updated_at,
        {%- for field in fields %}
        {{ field.name }}__original,
        {{ field.name }}__clean,
        {{ field.name }}__problem,
        case when {{ field.name }}__problem is null then {{ field.name }} end as {{ field.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from judged
),

{% for field in fields %}
{{ field.name }}__counts as (
    select
        {{ field.name }},
        round(log2(cast(sum(count(*)) over () as double) / count(*)), 6) as rarity
    from trusted
    where {{ field.name }} is not null
    group by {{ field.name }}
),
{% if prepared[field.name].tokens %}
{{ field.name }}__words as (
    select
        record_key,
        {{ dbt_dedup.explode(dbt_dedup.distinct_items(prepared[field.name].tokens)) }} as word
    from trusted
    where {{ field.name }} is not null
),

{{ field.name }}__vocabulary as (
    select
        word,
        {{ dbt_dedup.token_code('word', 'count(*)', "(select count(*) from trusted)") }} as token
    from {{ field.name }}__words
    group by word
),

{{ field.name }}__tokens as (
    select
        words.record_key,
        {{ dbt_dedup.item_list_descending('vocabulary.token') }} as tokens
    from {{ field.name }}__words as words
    inner join {{ field.name }}__vocabulary as vocabulary on words.word = vocabulary.word
    group by words.record_key
),
{% endif %}
{%- endfor %}
keyed as (
    select
        trusted.*
        {%- for field in fields %}
        {%- for key, sql in prepared[field.name].derived.items() %},
        nullif({{ sql }}, '') as {{ field.name }}__{{ key }}
        {%- endfor %}
        {%- for key, sql in prepared[field.name].lists.items() %},
        {{ sql }} as {{ field.name }}__{{ key }}
        {%- endfor %}
        {%- endfor %}
    from trusted
    {%- for lookup in lookups %}
    cross join {{ lookup }}
    {%- endfor %}
),

representatives as (
    select
        record_key,
        min(record_key) over (
            partition by {{ fields | map(attribute='name') | join(', ') }}
            {{- ', source' if spec.source_mode == 'dedupe_only' }}
            {{- ', record_key' if spec.source_mode == 'link_only' }}
        ) as representative_key
    from trusted
),

final as (
    select
        keyed.record_key,
        keyed.record_id,
        keyed.source,
        keyed.updated_at,
        representatives.representative_key,
        {%- for field in fields %}
        {%- set f = field.name %}
        keyed.{{ f }}__original,
        keyed.{{ f }}__problem,
        keyed.{{ f }},
        {{ f }}__counts.rarity as {{ f }}__rarity
        {%- for key in prepared[f].derived.keys() | list + prepared[f].lists.keys() | list %},
        keyed.{{ f }}__{{ key }}
        {%- endfor %}
        {%- if prepared[f].tokens %},
        {{ f }}__tokens.tokens as {{ f }}__tokens,
        {{ dbt_dedup.first_items(f ~ '__tokens.tokens', 3) }} as {{ f }}__rare_tokens,
        {{ dbt_dedup.total_token_weight(f ~ '__tokens.tokens') }} as {{ f }}__token_weight,
        sqrt({{ dbt_dedup.total_squared_token_weight(f ~ '__tokens.tokens') }}) as {{ f }}__token_norm
        {%- endif %}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from keyed
    inner join representatives on keyed.record_key = representatives.record_key
    {%- for field in fields %}
    {%- set f = field.name %}
    left join {{ f }}__counts on keyed.{{ f }} = {{ f }}__counts.{{ f }}
    {%- if prepared[f].tokens %}
    left join {{ f }}__tokens on keyed.record_key = {{ f }}__tokens.record_key
    {%- endif %}
    {%- endfor %}
)

select * from final
{% endmacro %}
