{#
    SQL of how rare the words of new records are, in the form of int_<entity>__token_counts: as the table says, and with the weight
    of the word of a single record where no record has it. `words` is that of _find_words, `totals` that of _find_totals, and
    `known` is the table, or the rows of it that have these words.
#}
{% macro _find_token_counts(words, totals, known) -%}
with

new_words as (
    select * from {{ words }}
),

known_words as (
    select known.*
    from {{ known }} as known
    inner join new_words on known.word = new_words.word and known.field = new_words.field
),

unseen as (
    select cast(round(1000 * log2(1 + records)) as bigint) as millibits
    from {{ totals }}
    where field is null
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
