{#
    SQL of the words of new records, in the form of int_<entity>__token_counts: as the table says, and with the weight of the word
    of a single record where no record has it. `value_counts` is that of _find_value_counts.
#}
{% macro _find_token_counts(entity_name, records, value_counts) -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set token_fields = dbt_dedup._token_fields(spec, value_counts, records) -%}
with

known as (
    select * from {{ ref('int_' ~ entity_name ~ '__token_counts') }}
),

{% for field in token_fields %}
{{ dbt_dedup._token_ctes(field) }}
{% endfor %}
new_words as (
    {%- for field in token_fields %}
    select distinct
        '{{ field.name }}' as field,
        word
    from {{ field.name }}__words
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        field,
        word
    from known
    where false
    {%- endfor %}
),

known_words as (
    select known.*
    from known
    inner join new_words on known.word = new_words.word and known.field = new_words.field
),

unseen as (
    select cast(round(1000 * log2(1 + cast(count(*) as double))) as bigint) as millibits
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
)

select
    new_words.field,
    new_words.word,
    coalesce(known_words.records, 1) as records,
    coalesce(known_words.weight, unseen.millibits / 1000.0) as weight,
    coalesce(known_words.token, {{ dbt_dedup._token_code('new_words.word', 'unseen.millibits') }}) as token
from new_words
cross join unseen
left join known_words on new_words.field = known_words.field and new_words.word = known_words.word
{%- endmacro %}
