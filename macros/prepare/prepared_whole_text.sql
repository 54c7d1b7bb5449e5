{#
    How the text of the whole record is prepared (see whole_text and prepare_field), from what its fields hold that is not
    incorrect: words as they are written and, where punctuation stands inside (dcr-sr85), also as one word; as lists the
    codes, which are words with a digit of four characters or more (most model numbers); and all letters and digits in a row.
#}
{% macro prepared_whole_text(field) %}
    {%- set f = field.name -%}
    {%- set originals = [] -%}
    {%- for part in field.parts -%}
        {%- do originals.append('case when ' ~ part ~ '__problem is null then ' ~ part ~ '__original end') -%}
    {%- endfor -%}
    {%- set joined = 'trim(' ~ dbt_dedup.replace_pattern(
        dbt_dedup.replace_pattern(f, '[^\\p{L}\\p{N}\\s]+', ''), '\\s+', ' '
    ) ~ ')' -%}
    {{- return({
        'value': "nullif(" ~ dbt_dedup.fold_text("concat_ws(' ', " ~ (originals | join(', ')) ~ ')') ~ ", '')",
        'derived': {'squeezed': dbt_dedup.replace_pattern(f, '[^\\p{L}\\p{N}]+', '')},
        'lists': {'codes': dbt_dedup.long_items(dbt_dedup.words_with_digits(joined), 4)},
        'tokens': dbt_dedup.split_words(dbt_dedup.plain_words(f) ~ " || ' ' || " ~ joined),
        'lookups': [],
        'derived_from_clean': {},
    }) -}}
{% endmacro %}
