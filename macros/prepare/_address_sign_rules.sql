{#
    Patterns for a folded address (see replace_patterns) that need its signs: who a letter is in care of, signs before a number,
    post boxes, floors, flats, a unit written before the house number. They leave `pobox`, `fl`, `apt` or `unit` before a number.
#}
{% macro _address_sign_rules() %}
    {%- set care_of = '(?:c/o|c[.]o[.]|care of|attn|attention|p/a|z[.] ?hd?[.]|zu handen)[.: ]+' -%}
    {%- set storeys = dbt_dedup._long_pattern([
        'stock|stockwerk|obergeschoss|etage|piano|piso|planta', '|andar|pietro|patro|sal|kat'
    ]) -%}
    {%- set types_in_front = dbt_dedup._long_pattern([
        'rue|r|avenue|av|bd|boulevard|place|pl|chemin|allee|quai|route', '|via|viale|corso|piazza|rua|avenida|c'
    ]) -%}
    {{- return([
        ['[\\r\\n]+', ', '],
        ['½', ' 1/2 '],
        ['^(?:rural (?:route|rte?)|r[.] ?r[.]?|rfd|r[.] ?f[.] ?d[.]?)[ #]*(?:no[.]? ?)?([0-9]+)', 'rr \\1'],
        ['^(?:route|rte?)[.]? ?#? ?([0-9]+)[, ]+(box [0-9])', 'rr \\1 \\2'],
        ['^(?:highway contract(?: route)?|star route|h[.] ?c[.])[ #]*([0-9]+)', 'hc \\1'],
        ['\\bh[.] ?no[.:]? ?([0-9])', 'house \\1'], ['\\bd[.] ?no[.:]? ?([0-9])', 'door \\1'],
        ['^ *' ~ care_of ~ '[^,;0-9]*[,;] *', ''],
        ['^ *' ~ care_of ~ '[^,;0-9]* ([0-9]+[a-z]? [a-z]{2})', '\\1'],
        ['^ *' ~ care_of, ''],
        ['[ ,;(]+' ~ care_of ~ '[^,;)]*', ' '],

        ['\\b(?:s/n(?:ro)?[º°.]*|s[.] ?n[.](?: ?c[.])?|sin num(?:ero)?|sem num(?:ero)?|senza num(?:ero)?|snc\\b)', ' sn '],
        ['\\b(?:no|nr|nro|num|numero|number|nummer|hnr|hausnr|hausnummer)[.:º°]* ?([0-9])', '\\1'],
        ['(^|[^a-z])n[.]? ?[º°][.:]? ?([0-9])|№ ?([0-9])', '\\1\\2\\3'],
        ['^([^0-9].*) n[.:]? ?([0-9]+[a-z]?) *(,|;|$)', '\\1 \\2\\3'],
        ['([a-z,]) c[.] ?(?:[poe][.] ?)?([0-9])', '\\1 \\2'],
        ['(^|[ ,])(?:д|дом|буд)[.]? ?([0-9])', '\\1\\2'],

        [dbt_dedup._long_pattern([
            '\\b(?:p[., ]*o[., ]*box|(?:post ?office|post|g[.]?p[.]?o[.]?) ?box|p[., ]*o[., ]*b[.]?|postfach|postbus|postboks|postb[.]',
            '|locked bag|private bag|apartado(?: de correos| postal| aereo)?|apdo[.]?(?: de correos| postal)?',
            '|(?:boite|bte|case) postale|b[.] ?p[.]?|bp|casella postale|cas[.] ?post[.]|(?:caixa|cx[.]?) ?postal',
            '|skrytka(?: pocztowa)?|skr[.] ?poczt[.]|posta kutusu|p[.] ?k[.]|pf[.]|postafiok)[ ,.:#]*([0-9])',
        ]), ' pobox \\1'],
        ['(?:^|[ ,])(?:а/я|абонентский ящик|τ[.] ?θ[.])[ ,.:]*([0-9])', ' pobox \\1'],
        ['^(?:box|pl|pf|c[.]? ?p[.]?) ([0-9][0-9 ]*)$', 'pobox \\1'],
        ['pobox ([0-9]{1,3}) ([0-9]{2,3})(?: ([0-9]{2,3}))?(?: ([0-9]{2,3}))? *(,|$)', 'pobox \\1\\2\\3\\4\\5'],

        ['\\b(apt|apartment|unit|ste|suite|rm|room|bldg|lot|spc|space|trlr)[.]? ?# ?', '\\1 '],
        ['^((?:calle|cll|cl|carrera|cra|kra|cr|kr|avenida|av|transversal|diagonal)\\b[^#]*)# ?|^# ?', '\\1'],
        ['^([^0-9#]*)# ?([0-9])', '\\1\\2'],
        ['# ?([0-9a-z])', ' apt \\1'],

        ['\\bp[.]?º[.]? ', 'paseo '],
        ['\\b([0-9]+)[º°] (de )', '\\1 \\2'],
        ['\\b([0-9]{1,2})(?:/f\\b|(?:st|nd|rd|th) ?(?:floor|flr|fl)\\b[.]?)', ' fl \\1 '],
        ['\\bfirst fl(?:oo)?r?\\b', ' fl 1 '], ['\\bsecond fl(?:oo)?r?\\b', ' fl 2 '], ['\\bthird fl(?:oo)?r?\\b', ' fl 3 '],
        ['\\bg/f\\b|\\bgnd fl(?:oo)?r?\\b', ' fl 0 '],
        ['\\b(?:' ~ storeys ~ '|floor|flr|level)[ .:]+([0-9]+)\\b[º°ª]?[.]?', ' fl \\1 '],
        ['\\b([0-9]{1,2})(?:[.]|º|°|st|nd|rd|th|er|e|eme|ieme|o|a) ?(?:' ~ storeys ~ '|floor|flr|fl)\\b[.]?', ' fl \\1 '],
        ['\\b([0-9]{1,2}) (?:' ~ storeys ~ '|floor|flr)[.]? *(,|$)', ' fl \\1 \\2'],
        ['\\b([0-9]{1,2})[.]? ?og *(,|$| (?:links|rechts|li|re|mitte)\\b)', ' fl \\1\\2'], [', *eg *(,|$)', ' fl 0 \\1'],
        ['\\b(?:ground floor|erdgeschoss|rez[ -]de[ -]chaussee|planta baja|piano terra|begane grond)\\b', ' fl 0 '],
        ['\\b([0-9]{1,2})[.]? ?[º°][.,]?', ' fl \\1 '],
        ['ª', ' '],

        [dbt_dedup._long_pattern([
            '\\b(?:flat|wohnung|wohn|whg|app?|lgh|byt|daire|depto|dpto|lokal|mieszk|leilighet|interno|int|d:)',
            '[.:]*(?: ?([0-9]+)| ([a-z])\\b)',
        ]), ' apt \\1\\2'],
        ['([0-9][a-z]?) ?[/,]? ?(?:m[.]|m|кв[.]|кв) ?([0-9]+)', '\\1 apt \\2'],
        ['\\b(?:bte|boite) ?([0-9])', ' bus \\1'],
        ['^([0-9]+)/([0-9]+)(,? (?:' ~ types_in_front ~ ')\\b)', '\\1 \\2\\3'],
        ['^ *(?:unit |u ?|apt |apartment |shop |suite )?([0-9]+[a-z]?) ?/ ?([0-9]+[a-z]?(?:-[0-9]+)?),? ([a-z]{2})', 'unit \\1, \\2 \\3'],

        ['^l([0-9]{1,2}),? ([0-9]+[a-z]?,? [a-z])', 'fl \\1 \\2'],
        ['^v[.] ?([a-z]{3})', 'via \\1'],
        ['^([0-9]+(?: ?(?:bis|ter))?,?) all[.] ?', '\\1 allee '], ['^([0-9]+(?: ?(?:bis|ter))?,?) bld[.]? ', '\\1 bd '],
        ['(^|[ ,])пр-т[. ]+', '\\1проспект '], ['^([^0-9,]+?),? (?:ул[.]|улица),? *([0-9])', 'улица \\1 \\2'],
        ['([0-9])丁目 ?', '\\1-'], ['([0-9])番(?:地の?)?', '\\1-'], ['([0-9])[号號]', '\\1 '],
        ['\\b([ns])[.] ?([ew])[.]', '\\1\\2'],
        ['\\b([vcpl])[.] ?(le|so|zz?a|go|lo)\\b', '\\1\\2'],
        ['^((?:[^0-9].*)?[a-z]{4})g[.] ?([0-9])', '\\1gt \\2'],
        ['^((?:[^0-9].*)?[a-z]{4})v[.] ?([0-9])', '\\1vg \\2'],
    ]) -}}
{% endmacro %}
