{#
    SQL of a text whose HTML entities, named or numeric, are the signs they stand for; those that were escaped again (`&amp;#39;`)
    too. An entity of an unknown name stays. A letter with an accent is read from its two parts (`&ccaron;`).
#}
{% macro _duckdb_without_entities(text) %}
    {%- set signs = {
        'amp': '&', 'lt': '<', 'gt': '>', 'quot': '\x22', 'apos': "''", 'nbsp': ' ', 'ensp': ' ', 'emsp': ' ', 'thinsp': ' ',
        'shy': '', 'zwj': '', 'zwnj': '', 'lrm': '', 'rlm': '', 'ndash': '–', 'mdash': '—', 'minus': '−', 'hyphen': '-',
        'lsquo': '‘', 'rsquo': '’', 'sbquo': '‚', 'ldquo': '“', 'rdquo': '”', 'bdquo': '„', 'lsaquo': '‹', 'rsaquo': '›',
        'laquo': '«', 'raquo': '»', 'prime': '′', 'hellip': '…', 'bull': '•', 'middot': '·', 'sect': '§', 'para': '¶',
        'copy': '©', 'reg': '®', 'trade': '™', 'deg': '°', 'ordf': 'ª', 'ordm': 'º', 'sup2': '²', 'sup3': '³', 'micro': 'µ',
        'frac12': '½', 'frac14': '¼', 'frac34': '¾', 'times': '×', 'divide': '÷', 'plusmn': '±', 'iexcl': '¡', 'iquest': '¿',
        'euro': '€', 'pound': '£', 'yen': '¥', 'cent': '¢', 'num': '#', 'plus': '+', 'commat': '@', 'sol': '/', 'comma': ',',
        'period': '.', 'colon': ':', 'semi': ';', 'lpar': '(', 'rpar': ')', 'excl': '!', 'dollar': '$', 'percnt': '%',
        'szlig': 'ß', 'aelig': 'æ', 'AElig': 'Æ', 'oelig': 'œ', 'OElig': 'Œ', 'oslash': 'ø', 'Oslash': 'Ø', 'lstrok': 'ł',
        'Lstrok': 'Ł', 'dstrok': 'đ', 'Dstrok': 'Đ', 'eth': 'ð', 'ETH': 'Ð', 'thorn': 'þ', 'THORN': 'Þ', 'inodot': 'ı',
        'imath': 'ı',
    } -%}
    {%- set accents = {
        'uml': '\u0308', 'acute': '\u0301', 'grave': '\u0300', 'circ': '\u0302', 'tilde': '\u0303', 'cedil': '\u0327',
        'ring': '\u030a', 'caron': '\u030c', 'breve': '\u0306', 'macr': '\u0304', 'ogon': '\u0328', 'dblac': '\u030b',
        'dot': '\u0307',
    } -%}
    {%- set windows_letters = dbt_dedup._duckdb_windows_letters() -%}
    {%- set number = "try_cast(case when entity[3] in ('x', 'X') then '0x' || entity[4:-2] else entity[3:-2] end as integer)" -%}
    {{- return("case
    when not regexp_matches(" ~ text ~ ", '&(#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}[0-9]{0,2});') then " ~ text ~ "
    else array_to_string(list_transform(
        regexp_extract_all(
            regexp_replace(" ~ text ~ ", '&((amp|#38|#[xX]26);)+', '&amp;', 'g'), '&(?:amp;)?#?[0-9A-Za-z]{2,10};|[^&]+|&'
        ),
        lambda part: list_transform([regexp_replace(part, '^&amp;(.)', '&\\1')], lambda entity: case
            when entity[1] <> '&' or entity[-1] <> ';' then entity
            when entity[2] = '#' then list_transform(
                [" ~ number ~ "],
                lambda number: case
                    when number between 128 and 159
                        then substr('" ~ windows_letters ~ "', number - 127, 1)
                    when number between 32 and 55295 or number between 57344 and 1114111 then chr(number)
                    else ' '
                end
            )[1]
            else coalesce(
                " ~ (dbt_dedup._duckdb_map(signs) | indent(16)) ~ "[entity[2:-2]],
                nfc_normalize(entity[2] || " ~ (dbt_dedup._duckdb_map(accents) | indent(16)) ~ "[entity[3:-2]]),
                entity
            )
        end)[1]
    ), '')
end") -}}
{% endmacro %}
