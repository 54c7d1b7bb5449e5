{#
    Patterns for a folded text (see replace_patterns) that leave of a date with words or a time of day its numbers and the name
    of its month: weekdays, other words, the time and its zone, and the ending of an ordinal go.
#}
{% macro _date_text_rules() %}
    {%- set words = dbt_dedup._date_words() -%}
    {%- set before = '([0-9.])(t|,? +)(((at|um|om|a|as|alle|kl)[.]?|-) +)?[0-9]{1,2}' -%}
    {%- set rules = [
        ['^(?:[*†]|(?:born|date of birth|birth ?date|dob|d[.]o[.]b[.]?|geboren|geb|nee?|nacid[oa]|nat[oa])\\b)[.: ]*(?:on|am|le|il|el)?\\b *', ''],
        ['[\\x{2010}-\\x{2015}\\x{2212}\\x{5E74}\\x{6708}\\x{B144}\\x{C6D4}]', '-'],
        ['[\\x{65E5}\\x{C77C}]| (?:г|года|року)[.]?$', ' '], ['([0-9])[|]([0-9])', '\\1/\\2'],
        ['^([^0-9]+[0-9]{1,2}) [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( [a-z]+)? ([0-9]{4})$', '\\1 \\4'],
        [before ~ '([:h][0-9]{2}.*| ?(uhr|h|[ap][.]?m[.]?)( .*)?)$', '\\1'],
        [before ~ '(([.][0-9]{2}){1,2} ?uhr|([.][0-9]{2}){2}([.][0-9]+)?( ?[ap]m)?)$', '\\1'],
        ['([0-9])t[0-9]{4,6}([.][0-9]+)?(z|[+-].*)?$', '\\1'],
        ['([0-9])( ?(z|utc|gmt|cest|cet|[ecmp][sd]t)|[+-][0-9]{2}:[0-9]{2}.*)$', '\\1'],
        ['^mar[.,]* +([0-9]{1,2}[. ]+[a-z])', '\\1'],
    ] -%}
    {%- for pattern in words.short_weekdays -%}{%- do rules.append(['^(' ~ pattern ~ ')\\b[.,]*', ' ']) -%}{%- endfor -%}
    {%- for pattern in words.weekdays -%}{%- do rules.append(['\\b(' ~ pattern ~ ')\\b[.,]*', ' ']) -%}{%- endfor -%}
    {{- return(rules + [
        ['([0-9])((st|nd|rd|th|er|ro|ste|de|e|o|a)\\b|[\\x{BA}\\x{AA}\\x{B0}]+)', '\\1'],
        ['\\b(of|the|day|de|del|di|den|der|le|el|il|op|am|vom|du|on|ad|ce)\\b', ' '],
    ]) -}}
{% endmacro %}
