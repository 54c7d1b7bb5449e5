{#
    The numbers that decide which spelling of a value is shown, the smallest first: what the type says first, then mixed case, no
    signs that belong to no name, diacritics, apostrophes between letters, and the shorter text.
#}
{% macro _spelling_order(original, type) %}
    {%- set terms = [] -%}
    {%- for sql in type.spelling -%}{%- do terms.append('case when ' ~ sql ~ ' then 0 else 1 end') -%}{%- endfor -%}
    {%- if type.shown == original | replace('__original', '') -%}{{- return(['length(' ~ original ~ ')']) -}}{%- endif -%}
    {{- return(terms + [
        'case\n    when ' ~ original ~ ' in (upper(' ~ original ~ '), lower(' ~ original ~ ')) then 1\n    else 0\nend',
        'case when ' ~ dbt_dedup.matches_pattern(original, '[*?#_;|]|[^\\p{L}\\p{M}\\p{N}.)\\x27’]$|\\s{2}') ~ ' then 1 else 0 end',
        'length(' ~ original ~ ') - ' ~ dbt_dedup.byte_length(original),
        'case when ' ~ dbt_dedup.matches_pattern(original, '\\p{L}[\\x27’]\\p{L}') ~ ' then 0 else 1 end',
        'length(' ~ original ~ ')',
    ]) -}}
{% endmacro %}
