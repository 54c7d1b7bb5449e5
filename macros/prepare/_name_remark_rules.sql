{#
    Patterns for a folded name of a person (see replace_patterns) that leave out what is no part of it: who a letter goes to,
    remarks such as "deceased" or "do not call", a nickname in quotes, the name at birth behind `née` or another behind `aka`, an
    e-mail address, `FNU` (first name unknown), and what the person does behind a comma.
#}
{% macro _name_remark_rules() %}
    {%- set remarks = dbt_dedup._any_of([
        dbt_dedup._company_patterns().remark, 'deceased', 'dec.?d', 'verstorben', 'd[eé]c[eé]d[eé]e?', 'fallecid[oa]', 'falecid[oa]',
        'decedut[oa]', 'overleden', 'zmarl[ya]', 'avliden', 'duplicate', 'dup', 'duplikat', 'dublette', 'vip',
    ]) -%}
    {%- set quotes = '[\\x22\\x27`´‘’“”„«»‹›]' -%}
    {%- set positions = dbt_dedup._any_of([
        'c[eftio]o', '(?:managing |executive |financ[a-z]+ |sales )?director', '(?:vice )?president', '[se]?vp', 'owner', 'founder',
        '(?:general |office |sales |account )?manager', 'partner', 'chair(?:wo)?man', 'secretary', 'treasurer', 'inhaber(?:in)?',
        'gesch[aä]e?ftsf[uü]e?hrer(?:in)?', 'gerente', 'direct(?:eur|rice|ora?)', 'us(?:mc|n|af|a|cg)', 'ret(?:d|ired)?',
    ]) -%}
    {{- return([
        ['<?[^ <>(),;@]+@[^ <>(),;@]+[.][^ <>(),;@]+>?', ' '],
        ['([\\p{L}.]) +' ~ quotes ~ '\\p{L}[\\p{L}. -]*' ~ quotes ~ '( |,|$)', '\\1\\2'],
        ['^(?:fnu|nfn|lnu)[., ]+(\\p{L})', '\\1'], ['[, ]+(?:lnu|nmn|nmi)[.]?( |,|$)', '\\1'],
        [' +c/o .*$', ''],
        ['^(?:attn|attention|fao|z[.] ?hd?[.]?|zu handen(?: von)?|to the attention of|c/o|to:)[.: ]+', ''],
        ['^an +(herrn|frau|familie)\\b', '\\1'],
        ['^(?:the +)?est(?:ate|[.]) of +(?:the +late +)?', ''],
        [dbt_dedup._long_pattern(['^[^\\p{L}]*', remarks, '[^\\p{L}]+(\\p{L})']), '\\1'],
        [dbt_dedup._long_pattern(['(?: +[-–—/*#!]+ *|[*#!]+ *)', remarks, '[^\\p{L}]*$']), ''],
        [dbt_dedup._long_pattern(['^([^ ,]+ [^,]*[^ ,]), *', positions, '\\b[. ]*(?:[(].*[)])?$']), '\\1'],
        ['^([^ ,]+) (?:' ~ dbt_dedup._other_name_words() ~ ')[.:]? +[^,]+,', '\\1,'],
        ['([^ ,]+ [^ ,]+),? +(?:' ~ dbt_dedup._other_name_words() ~ ')[.:]? +[^,]+$', '\\1'],
        ['([^ ,]+), *(?:' ~ dbt_dedup._other_name_words() ~ ')[.:]? +[^,]+$', '\\1'],
    ]) -}}
{% endmacro %}
