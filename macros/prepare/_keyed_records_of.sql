{#
    The SQL of keyed_records. `changed` is SQL of CTEs up to `records`, those to give, with their row_hash, content_hash and
    representative_key, and `value_counts`, those of their values (see _changed_records).
#}
{% macro _keyed_records_of(entity_name, new=none, changed=none) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set prepared, lookups, texts = {}, {}, [] -%}
{%- for field in spec.fields -%}
    {%- do prepared.update({field.name: dbt_dedup.prepare_field(field)}) -%}
{%- endfor -%}
{%- set whole = dbt_dedup._whole_text(spec.fields) -%}
{%- if whole -%}{%- do prepared.update({whole.name: dbt_dedup._prepared_whole_text(whole)}) -%}{%- endif -%}
{%- for type in prepared.values() -%}
    {%- do lookups.update(type.lookups) -%}
    {%- for step in type.derived_steps -%}{%- do texts.extend(step.values()) -%}{%- endfor -%}
    {%- do texts.extend(type.numbers.values()) -%}
    {%- do texts.extend(type.lists.values()) -%}
{%- endfor -%}
{%- set token_fields = {} -%}
{%- for field in dbt_dedup._token_fields(spec, 'value_counts', 'records') -%}
    {%- do token_fields.update({field.name: field}) -%}
{%- endfor -%}
{%- set names = spec.fields | map(attribute='name') | list -%}
{%- set finds_copies = spec.source_mode != 'link_only' and not new -%}
{%- set contents = names + (['source'] if spec.source_mode == 'dedupe_only' else []) -%}
with

{% if not changed -%}
records as {{ 'not materialized ' if not new }}(
    select * from {{ new.records if new else ref('stg_' ~ entity_name ~ '__records') }}
),

{% endif -%}
record_keys as (
    select * from {{ new.record_keys if new else ref('int_' ~ entity_name ~ '__record_keys') }}
),

{% if not changed -%}
value_counts as (
    select * from {{ new.value_counts if new else ref('int_' ~ entity_name ~ '__value_counts') }}
),

{% endif -%}
token_counts as (
    select * from {{ new.token_counts if new else ref('int_' ~ entity_name ~ '__token_counts') }}
),
{%- if changed %}

{{ changed }}
{%- endif %}
{% for name in dbt_dedup._lookups_read(lookups, texts) %}
{{ name }} as (
    {{ dbt_dedup._lookup_map_of(lookups[name]) | indent(4) }}
),
{% endfor %}
{%- for f, type in prepared.items() %}
{{ dbt_dedup._derived_ctes(f, type, whole and f == whole.name) }}
{%- if f in token_fields %}

{{ dbt_dedup._token_ctes(token_fields[f]) }}

{{ f }}__token_lists as (
    select
        words.value_number,
        {{ dbt_dedup.item_list('token_counts.token', 'token_counts.weight desc, token_counts.word desc') }} as {{ f }}__tokens
    from {{ f }}__words as words
    inner join token_counts on token_counts.field = '{{ f }}' and words.word = token_counts.word
    group by words.value_number
),

{{ f }}__tokens as (
    select
        {{ f }}__values.{{ f }},
        {{ f }}__token_lists.{{ f }}__tokens
    from {{ f }}__values
    inner join {{ f }}__token_lists on {{ f }}__values.value_number = {{ f }}__token_lists.value_number
),
{%- endif %}
{% endfor %}
{%- if finds_copies and not changed %}
contents as (
    select
        record_keys.record_key,
        {{ dbt_dedup.hash_values(contents) | indent(8) }} as content_hash
    from records
    inner join record_keys on records.record_id = record_keys.record_id
    -- records about which nothing is known are not identical
    where
        {%- for name in names %}
        {{ 'or ' if not loop.first }}{{ name }} is not null
        {%- endfor %}
),

identical as (
    select
        content_hash,
        min(record_key) as representative_key
    from contents
    group by content_hash
    having count(*) > 1
),

representatives as (
    select
        contents.record_key,
        identical.representative_key
    from identical
    inner join contents on identical.content_hash = contents.content_hash
),
{% endif %}
{%- if finds_copies %}
populations as (
    {%- if spec.incremental %}
    select max(population) as population from {{ ref('int_' ~ entity_name ~ '__value_counts') if changed else 'value_counts' }}
    {%- else %}
    select max(records) as population
    from (
        select sum(records) as records
        from value_counts
        group by field
    ) as of_fields
    {%- endif %}
),

{% endif -%}
final as (
    select
        record_keys.record_key,
        records.record_id,
        records.source,
        {%- if changed %}
        records.representative_key,
        records.content_hash,
        -- a value that is not counted yet, as in a run of selected models, leaves the record to the next build
        case
            when
                {%- for name in names %}
                {{ 'and ' if not loop.first }}(records.{{ name }} is null or {{ name }}__derived.rarity is not null)
                {%- endfor %}
                then records.row_hash
        end as row_hash,
        records.definition,
        {%- elif finds_copies %}
        coalesce(representatives.representative_key, record_keys.record_key) as representative_key,
        {%- else %}
        record_keys.record_key as representative_key,
        {%- endif %}
        {%- if finds_copies %}
        {{ dbt_dedup._is_distinctive(spec, 'populations') | indent(8) }} as is_distinctive,
        {%- else %}
        false as is_distinctive,
        {%- endif %}
        records.input_digest,
        {%- for f, type in prepared.items() %}
        {%- set is_whole = whole and f == whole.name %}
        {%- set last_field = loop.last %}
        {%- if not is_whole %}
        records.{{ f }},
        {{ f }}__derived.rarity as {{ f }}__rarity
        {%- else %}
        records.{{ f }}
        {%- endif %}
        {%- for key in type.derived_names + type.numbers.keys() | list + type.lists.keys() | list %},
        {{ f }}__derived.{{ f }}__{{ key }}
        {%- endfor %}
        {%- for part in type.parts %},
        records.{{ f }}__{{ part }}
        {%- endfor %}
        {%- for name, columns in type.record_lists.items() %},
        {{ dbt_dedup.listed_values(columns, 'records') | indent(8) }} as {{ f }}__{{ name }}
        {%- endfor %}
        {%- if type.tokens %},
        {{ f }}__tokens.{{ f }}__tokens,
        {{ dbt_dedup.first_items(f ~ '__tokens.' ~ f ~ '__tokens', dbt_dedup.method_constants().rare_tokens) }} as {{ f }}__rare_tokens,
        {{ dbt_dedup.total_token_weight(f ~ '__tokens.' ~ f ~ '__tokens') | indent(8) }} as {{ f }}__token_weight,
        {{ dbt_dedup.total_squared_token_weight(f ~ '__tokens.' ~ f ~ '__tokens') | indent(8) }} as {{ f }}__token_squares
        {%- endif %}
        {{- ',' if not last_field }}
        {%- endfor %}
    from records
    inner join record_keys on records.record_id = record_keys.record_id
    {%- if finds_copies %}
    cross join populations
    {%- endif %}
    {%- if finds_copies and not changed %}
    left join representatives on record_keys.record_key = representatives.record_key
    {%- endif %}
    {%- for f, type in prepared.items() %}
    left join {{ f }}__derived on records.{{ f }} = {{ f }}__derived.{{ f }}
    {%- if type.tokens %}
    left join {{ f }}__tokens on records.{{ f }} = {{ f }}__tokens.{{ f }}
    {%- endif %}
    {%- endfor %}
)

select * from final
{% endmacro %}
