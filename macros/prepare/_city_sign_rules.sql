{#
    Patterns for a folded city (see replace_patterns) that need its signs: postcodes and numbers of districts are left out
    (`Paris 15e`, `London SW1`, `Lyon Cedex 03`), a river or region in brackets stays (`Frankfurt (Oder)`).
#}
{% macro _city_sign_rules() %}
    {{- return([
        ['^[гм][.] ?(\\p{L})', '\\1'],
        [dbt_dedup._long_pattern([
            ', *(?:germany|deutschland|france|frankreich|italy|italia|spain|espana|portugal|(?:the )?netherlands|nederland|belgium|austria',
            '|osterreich|switzerland|schweiz|suisse|united kingdom|u[.]?k[.]?|great britain|england|scotland|wales|ireland|u[.]?s[.]?a[.]?',
            '|united states(?: of america)?|canada|australia|new zealand|india|china|japan|poland|polska|sweden|norway|denmark|finland',
            '|brazil|brasil|turkey|turkiye|south africa)[. ]*$',
        ]), ''],
        ['[0-9]+[.]? *(?:bezirk|kerulet|obvod|district)\\b', ' '],
        ['^[a-z]{1,3}[ -]?[0-9]{4,6}\\b', ' '],
        ['\\bcedex\\b.*$|\\b[0-9]+ ?[a-z]* +arr[a-z]*\\b[.]?', ' '],
        ['\\b[a-z]{0,2}[0-9]+(?:ieme|eme|er|[a-z]{0,2})\\b[.]?', ' '],
        ['[(\\[/] *(?:a[.]? ?d?[.] ?|am |an der |i[.] ?|im |in )?(' ~ dbt_dedup._rivers_and_regions() ~ ')[.]? *[)\\]]', ' \\1 '],
    ]) -}}
{% endmacro %}
