{#
    Patterns for a folded name (see replace_patterns) that leave out titles which are titles only with their full stop, because
    they are names without it: `Gen.`, `Hon.`, and `phil.` behind `Dr.` Ranks of two words, ranks of nobility before `von` and titles
    behind a name in Chinese, Japanese and Korean go too; the ordinal sign of `Mª` and `Dª` is read.
#}
{% macro _title_rules() %}
    {%- set titles = [
        'adj|arch|avv?|br|brig|cav|cel|col|comm|doc|ds|eng|fr|gen|geom|gov|hon|ing|kum|lt|mag|maj|on|op|pr|pres|rag|rt|sen|ten|uzm',
        'agr|dent|h[.] ?c|inf|ing|iur|jur|kfm|kffr|med|nat|oec|phil|pol|rer|sc|soc|techn|theol|vet|wirt'
    ] -%}
    {%- set ranks = [
        '^(?:lt|lieut|lieutenant|maj|major|brig|brigadier|rear|vice|wing|squadron|group|flight|field)[. ]+',
        '(?:col|colonel|gen|general|cdr|cmdr|commander|adm|admiral|capt|captain|lt|lieutenant|leader|marshal)[. ]+(\\p{L}{2})'
    ] -%}
    {{- return([
        ['\\bm[.]?ª[.]?', 'maria'], ['\\b(?:d|dr|prof|sr|eng|arq)[.]?[ªº][.]? +', ''], ['^(?:sra?|srta)[.]? d[.] +', ''],
        ['[ ,]*[(](?:hons?|fh|tu|univ|ret|retd|retired)[.]?[)]', ''],
        [ranks | join, '\\1'], ['^г-(?:н|жа)[. ]+', ''],
        ['^(?:(?:the +)?(?:very|most|right|rt[.]?)|the) +(?:rev(?:erend|d)?|hon(?:ou?rable)?|late)[.]? +', ''],
        ['\\b(?:freiherr|frhr[.]?|freifrau|freiin|graf|gr[aä]e?fin|prinz|prinzessin|f[uü]e?rst) (von|zu|vom|zur)\\b', '\\1'],
        ['^((' ~ titles[0] ~ ')[.][ -]*)+(\\p{L}{2})', '\\3'],
        ['\\b(dr|dipl)[.]?[ -]*((' ~ titles[1] ~ ')[.][ -]*)+', '\\1 '],
        ['\\b(dott|prof|sig)[.](ssa|ra|na)\\b', '\\1'],
        ['([^ ]) *(' ~ dbt_dedup._honorifics() ~ ')$', '\\1'],
    ]) -}}
{% endmacro %}
