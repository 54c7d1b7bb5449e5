{# Whether a folded address holds anything that _address_sign_rules change: one cheap test that most addresses fail. #}
{% macro _has_address_signs(text) %}
    {{- return(dbt_dedup.matches_pattern(text, dbt_dedup._long_pattern([
        '[#/:º°ª№½\\r\\n]|\\b(?:no|nr|nro|num|numero|number|nummer|hnr|hausnr|hausnummer|n|c|m|level)[.]? ?[0-9]',
        '|\\b(?:care of|attn|attention|zu handen|sin num|sem num|senza num|snc\\b|s[.] ?n[.])|[zco][.] ?[ho]',
        '|box|p[., ]*o[., ]*b\\b|postfach|postbus|postboks|bag [0-9]|apartado|apdo|postale?\\b|\\bb[.]? ?p\\b|post[.]|skr',
        '|posta kut|p[.] ?k[.]|\\bpf[.]|postafiok|ящик|τ[.] ?θ|^pl [0-9 ]+$|^c[.]? ?p[.]? [0-9]',
        '|\\b(?:floor|flr|stock|stockwerk|obergeschoss|etage|piano|piso|planta|andar|pietro|patro|sal|kat|og)\\b',
        '|erdgeschoss|chaussee|terra$|begane|\\b(?:flat|wohnung|wohn|whg|app?|lgh|byt|daire|depto|dpto|lokal|mieszk|leilighet)\\b',
        '|\\bint(?:erno)?\\b|\\b(?:bte|boite)\\b|\\b[ns][.] ?[ew][.]|[0-9](?:st|nd|rd|th) fl\\b',
        '|\\b[vcpl][.] ?(?:le|so|zz?a|go|lo)\\b|[a-z]{4}[gv][.] ?[0-9]|\\bc[.] ?[poe][.]',
        '|(?:^|[ ,])(?:д|дом|буд|кв)[.]? ?[0-9]|^l[0-9]|^v[.]|丁目|番|пр-т|. (?:ул[.]|улица)',
        '|^r[.] ?[rf]|^(?:rfd|rural|route|rte?|star) |contract|^h[.] ?c|^pf |postb[.]|, *eg\\b|^[0-9]+(?: ?bis| ?ter)?,? (?:all[.]|bld\\b)',
    ]))) -}}
{% endmacro %}
