{#
    The terms of the `order by` that decides which spelling of a value is shown: what the type says first, then mixed case, no
    signs that belong to no name, diacritics, apostrophes between letters, and the shorter text.
#}
{% macro _spelling_order(original, type) %}
    {%- set terms = [] -%}
    {%- for sql in type.spelling -%}{%- do terms.append('case when ' ~ sql ~ ' then 0 else 1 end asc') -%}{%- endfor -%}
    {%- if type.shown == original | replace('__original', '') -%}{{- return(['length(' ~ original ~ ') asc']) -}}{%- endif -%}
    {{- return(terms + [
        'case\n    when ' ~ original ~ ' in (upper(' ~ original ~ '), lower(' ~ original ~ ')) then 1\n    else 0\nend asc',
        'case when ' ~ dbt_dedup.matches_pattern(original, '[*?#_;|]|[^\\p{L}\\p{M}\\p{N}.)\\x27’]$|\\s{2}') ~ ' then 1 else 0 end asc',
        dbt_dedup.byte_length(original) ~ ' - length(' ~ original ~ ') desc',
        'case when ' ~ dbt_dedup.matches_pattern(original, '\\p{L}[\\x27’]\\p{L}') ~ ' then 0 else 1 end asc',
        'length(' ~ original ~ ') asc',
    ]) -}}
{% endmacro %}
