{#
    SQL of a text in which UTF-8 that was read as Windows-1252 or Latin-1 is right again (`MÃ¼ller`). Repaired is what makes sense
    in no other way: two letters of which the second is a sign (`Ã¼`); letters of other scripts only where two or more follow one
    another; signs that may end a word, such as quotation marks, only next to a lower-case letter.
#}
{% macro _duckdb_repaired_encoding(text) %}
    {%- set windows_letters = dbt_dedup._duckdb_windows_letters() -%}
    {%- set low = '\\x{80}-\\x{9F}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ' -%}
    {%- set high = '\\x{A0}-\\x{BF}' -%}
    {%- set next = '[' ~ low ~ high ~ ']' -%}
    {#- signs that stand behind a capital letter in a right text too -#}
    {%- set sign = '‘’“”–—™®»\\x{A0}' -%}
    {%- set broken = [
        'Ã[' ~ low ~ '\\x{A1}-\\x{BF}]|Â[' ~ high ~ ']|[ÄÅ][\\x{80}-\\x{9F}€‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜š›œžŸ¡-ª¬\\x{AD}¯-º¼-¿]',
        '[ÄÅÃ][' ~ sign ~ '][a-z]|[a-z][ÄÅÃ][' ~ sign ~ ']|È[˜™š›][a-z]|[a-z]È[˜™š›]',
        'â[€‚„]' ~ next ~ '|á[º»]' ~ next ~ '|ï»¿|ï¿½|ðŸ' ~ next ~ '{2}',
        '(?:[ÐÑ]' ~ next ~ '){2,}|(?:[ÎÏ]' ~ next ~ '){2,}|(?:×' ~ next ~ '){2,}|(?:[Ø-Û]' ~ next ~ '){2,}',
        '(?:à[' ~ high ~ ']' ~ next ~ '|[ã-ì]' ~ next ~ '{2}|í[' ~ low ~ ']' ~ next ~ '){2,}',
    ] -%}
    {%- set pattern = broken | join('|') -%}
    {{- return("case
    when not regexp_matches(
        " ~ text ~ ",
        " ~ dbt_dedup._duckdb_pattern(pattern) ~ "
    ) then " ~ text ~ "
    else array_to_string(list_transform(
        regexp_extract_all(
            " ~ text ~ ",
            " ~ (dbt_dedup._duckdb_pattern('(?s)' ~ pattern ~ '|.') | indent(4)) ~ "
        ),
        lambda part: case when length(part) = 1 then part else decode(unhex(array_to_string(list_transform(
            string_split(part, ''),
            lambda letter: format('{:02x}', case
                when unicode(letter) < 256 then unicode(letter)
                else 127 + instr('" ~ windows_letters ~ "', letter)
            end)
        ), ''))) end
    ), '')
end") -}}
{% endmacro %}
