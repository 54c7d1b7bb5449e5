{#
    How the text of the whole record is prepared, in the form of prepare_field: from what its fields hold that is not
    incorrect. Its words are those as written and, where punctuation stands inside (dcr-sr85), also as one word. Lists: the
    codes, which are words with a digit of four characters or more (most model numbers). Derived: all letters and digits
    without anything between.
#}
{% macro _prepared_whole_text(field) %}
    {%- set f = field.name -%}
    {%- set originals = [] -%}
    {%- for part in field.parts -%}
        {%- do originals.append('case when ' ~ part ~ '__problem is null then ' ~ part ~ '__original end') -%}
    {%- endfor -%}
    {%- set joined = 'trim(' ~ dbt_dedup.replace_patterns(f, [['[^\\p{L}\\p{M}\\p{N}\\s]+', ''], [dbt_dedup._doubled_spaces(), ' ']]) ~ ')' -%}
    {{- return({
        'steps': [
            {'written': "concat_ws(\n    ' ',\n    " ~ originals | join(',\n    ') ~ '\n)'},
            {'meant': dbt_dedup.readable_text(f ~ '__written')},
            {'folded': dbt_dedup.fold_text(f ~ '__meant')},
        ],
        'value': "nullif(" ~ f ~ "__folded, '')",
        'derived_steps': [{'squeezed': dbt_dedup.replace_pattern(f, '[^\\p{L}\\p{M}\\p{N}]+', '')}],
        'derived_names': ['squeezed'],
        'numbers': {},
        'lists': {'codes': dbt_dedup.long_items(dbt_dedup.words_with_digits(joined), dbt_dedup.method_constants().code_characters)},
        'tokens': dbt_dedup.split_words(dbt_dedup.plain_words(f) ~ " || ' ' || " ~ joined),
        'described': {
            'squeezed': 'All letters and digits without anything between.',
            'codes': 'Words with a digit of four characters or more, without punctuation.',
        },
        'lookups': {},
        'parts': {},
        'record_lists': {},
    }) -}}
{% endmacro %}
