{# A pattern of what a folded name holds if any of the rules for names may change it. Most names hold none of it. #}
{% macro _signs_in_names() %}
    {{- return(dbt_dedup._long_pattern([
        '[.,/&+(\\[0-9*#!\\x22“”„«»ª]| [\\x27`´‘’]| the |(' ~ dbt_dedup._honorifics() ~ ')$| (' ~ dbt_dedup._degrees() ~ ')\\b',
        '| [-–—]+ |^[^\\p{L}]|^(?:att|fao |z |zu handen|to the att|the |estate of|deceased|verstorben|do ?n|don.t|bitte|nicht|an herrn|fam)',
        '| (?:', dbt_dedup._other_name_words(), ') |\\b(?:s(?:aint|ainte|ankt|int)[ -]|freih|freif|frhr|graf|gr[aä]e?fin|prinz|f[uü]e?rst|fnu\\b|nfn\\b)',
        '| (?:lnu|nmn|nmi)$|^(?:г-|lnu|to:|very|most|right|rt|lt|lieut|maj|brig|rear|vice|wing|squadron|group|flight|field|ehe) ?',
    ])) -}}
{% endmacro %}
