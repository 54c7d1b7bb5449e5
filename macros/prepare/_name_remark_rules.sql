{#
    Patterns for a folded name of a person (see replace_patterns) that leave out what is no part of it: who a letter goes to,
    remarks such as "deceased" or "do not call", the name at birth behind `née`, and digits that stand for letters (`J0hn`).
#}
{% macro _name_remark_rules() %}
    {%- set remarks = dbt_dedup._any_of([
        dbt_dedup._company_patterns().remark, 'deceased', 'dec.?d', 'verstorben', 'decedee?', 'fallecid[oa]', 'falecid[oa]',
        'decedut[oa]', 'overleden', 'zmarl[ya]', 'avliden', 'duplicate', 'dup', 'duplikat', 'dublette', 'vip',
    ]) -%}
    {%- set at_birth = 'nee|geb[.]?|geborene?r?|born|nata|nacida|nascida|fodd|fodt|rozena|z domu|de domo|maiden name' -%}
    {{- return([
        ['([a-z])0([a-z])', '\\1o\\2'], ['\\b0([a-z]{2})', 'o\\1'], ['([a-z])11([a-z])', '\\1ll\\2'],
        ['([aeiouy])1([a-z])', '\\1l\\2'], ['([b-df-hj-np-tv-xz])1([a-z])', '\\1i\\2'],
        [' +c/o .*$', ''],
        ['^(?:attn|attention|fao|z[.] ?hd?[.]?|zu handen(?: von)?|to the attention of|c/o)[.: ]+', ''],
        ['^(?:the +)?estate of +(?:the +late +)?', ''],
        [dbt_dedup._long_pattern(['^[^\\p{L}]*', remarks, '[^\\p{L}]+(\\p{L})']), '\\1'],
        [dbt_dedup._long_pattern(['(?: +[-–—/*#!]+ *|[*#!]+ *)', remarks, '[^\\p{L}]*$']), ''],
        ['^([^ ,]+) (?:' ~ at_birth ~ ')[.:]? +[^,]+,', '\\1,'],
        ['([^ ,]+ [^ ,]+),? +(?:' ~ at_birth ~ ')[.:]? +[^,]+$', '\\1'],
        ['([^ ,]+), *(?:' ~ at_birth ~ ')[.:]? +[^,]+$', '\\1'],
    ]) -}}
{% endmacro %}
