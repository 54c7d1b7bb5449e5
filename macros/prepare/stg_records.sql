{#
    stg_<entity>__records, one row per input record: for each field the original text, the standardized value, the problem
    that emptied it, derived keys for blocking and comparing, and how rare the value is. Likewise for the text of the whole
    record, where it is compared.
#}
{% macro stg_records(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.fields -%}
{%- set prepared = {} -%}
{%- set lookups, lookups_of_clean = [], [] -%}
{%- for field in fields -%}
    {%- do prepared.update({field.name: dbt_dedup.prepare_field(field)}) -%}
    {%- for lookup in prepared[field.name].lookups -%}
        {%- if lookup not in lookups -%}{%- do lookups.append(lookup) -%}{%- endif -%}
        {%- if prepared[field.name].derived_from_clean and lookup not in lookups_of_clean -%}
            {%- do lookups_of_clean.append(lookup) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{%- set whole = dbt_dedup.whole_text(fields) -%}
{%- if whole -%}{%- do prepared.update({whole.name: dbt_dedup.prepared_whole_text(whole)}) -%}{%- endif -%}
{%- set valued = fields + ([whole] if whole else []) -%}
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
        nullif({{ dbt_dedup.trim_whitespace(dbt_dedup.input_text(field)) }}, '') as {{ field.name }}__original
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
            when {{ dbt_dedup.lookup('placeholders_' ~ field.type ~ '.entries', prepared[field.name].listed_as) }} is not null
                then {{ dbt_dedup.lookup('placeholders_' ~ field.type ~ '.entries', prepared[field.name].listed_as) }}
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
        {{ field.name }}__problem,
        {%- for key, sql in prepared[field.name].derived_from_clean.items() %}
        case when {{ field.name }}__problem is null then nullif({{ sql }}, '') end as {{ field.name }}__{{ key }},
        {%- endfor %}
        case when {{ field.name }}__problem is null then {{ field.name }} end as {{ field.name }}{{ ',' if not loop.last }}
        {%- endfor %}
        {%- if whole %},
        {{ prepared[whole.name].value }} as {{ whole.name }}
        {%- endif %}
    from judged
    {%- for lookup in lookups_of_clean %}
    cross join {{ lookup }}
    {%- endfor %}
),

{% for field in valued %}
{%- set f = field.name %}
{{ f }}__values as (
    select
        {{ f }},
        count(*) as value_records
    from trusted
    where {{ f }} is not null
    group by {{ f }}
),

{{ f }}__derived as (
    select
        {{ f }},
        round(log2(cast(sum(value_records) over () as double) / value_records), 6) as rarity
        {%- for key, sql in prepared[f].derived.items() %},
        nullif({{ sql }}, '') as {{ f }}__{{ key }}
        {%- endfor %}
        {%- for key, sql in prepared[f].lists.items() %},
        {{ sql }} as {{ f }}__{{ key }}
        {%- endfor %}
    from {{ f }}__values
    {%- for lookup in prepared[f].lookups %}
    cross join {{ lookup }}
    {%- endfor %}
),
{% if prepared[f].tokens %}
{{ f }}__words as (
    select
        {{ f }},
        value_records,
        {{ dbt_dedup.explode(dbt_dedup.distinct_items(prepared[f].tokens)) }} as word
    from {{ f }}__values
),

{{ f }}__vocabulary as (
    select
        word,
        {{ dbt_dedup.token_code('word', 'sum(value_records)', "(select count(*) from trusted)") }} as token
    from {{ f }}__words
    group by word
),

{{ f }}__tokens as (
    select
        words.{{ f }},
        {{ dbt_dedup.item_list_descending('vocabulary.token') }} as tokens
    from {{ f }}__words as words
    inner join {{ f }}__vocabulary as vocabulary on words.word = vocabulary.word
    group by words.{{ f }}
),
{% endif %}
{%- endfor %}
representatives as (
    select
        record_key,
        min(record_key) over (
            partition by {{ fields | map(attribute='name') | join(', ') }}
            {{- ', source' if spec.source_mode == 'dedupe_only' }}
            {{- ', record_key' if spec.source_mode == 'link_only' }},
            -- records of which nothing is known are not identical
            case when coalesce({% for field in fields %}cast({{ field.name }} as varchar){{ ', ' if not loop.last }}{% endfor %}) is null then record_key end
        ) as representative_key
    from trusted
),

final as (
    select
        trusted.record_key,
        trusted.record_id,
        trusted.source,
        trusted.updated_at,
        representatives.representative_key,
        {%- for field in valued %}
        {%- set f = field.name %}
        {%- if field is not sameas whole %}
        trusted.{{ f }}__original,
        trusted.{{ f }}__problem,
        {%- endif %}
        trusted.{{ f }},
        {{ f }}__derived.rarity as {{ f }}__rarity
        {%- for key in prepared[f].derived.keys() | list + prepared[f].lists.keys() | list %},
        {{ f }}__derived.{{ f }}__{{ key }}
        {%- endfor %}
        {%- for key in prepared[f].derived_from_clean.keys() %},
        trusted.{{ f }}__{{ key }}
        {%- endfor %}
        {%- if prepared[f].tokens %},
        {{ f }}__tokens.tokens as {{ f }}__tokens,
        {{ dbt_dedup.first_items(f ~ '__tokens.tokens', 3) }} as {{ f }}__rare_tokens,
        {{ dbt_dedup.total_token_weight(f ~ '__tokens.tokens') }} as {{ f }}__token_weight,
        {{ dbt_dedup.total_squared_token_weight(f ~ '__tokens.tokens') }} as {{ f }}__token_squares
        {%- endif %}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from trusted
    inner join representatives on trusted.record_key = representatives.record_key
    {%- for field in valued %}
    {%- set f = field.name %}
    left join {{ f }}__derived on trusted.{{ f }} = {{ f }}__derived.{{ f }}
    {%- if prepared[f].tokens %}
    left join {{ f }}__tokens on trusted.{{ f }} = {{ f }}__tokens.{{ f }}
    {%- endif %}
    {%- endfor %}
)

select * from final
{% endmacro %}
