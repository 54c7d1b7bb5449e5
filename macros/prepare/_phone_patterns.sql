{#
    The regular expressions that take a phone number out of a folded text, by what they find. A long one is several SQL texts,
    joined, so that no line of the compiled SQL is too long.
#}
{% macro _phone_patterns() %}
    {%- set next_line = "'\n        || '" -%}
    {%- set seven_digits = '((?:[^0-9]*[0-9]){7,}?)' -%}
    {%- set extension_words = [
        'ext[a-z]*', 'x', '#', 'int', 'intern[oa]?', 'opt', 'option', 'press', 'durchwahl', 'dw', 'app', 'apparat', 'nebenstelle',
        'nst', 'kl', 'klappe', 'poste?', 'anexo', 'ramal', 'r', 'toestel', 'tst', 'wewn?', 'wewnetrzny', 'dahili', 'anknytning', 'доб',
        'вн',
    ] -%}
    {#- a number with country code is longer: `+49 35200/12345` has seven digits before its stroke and is one number -#}
    {%- set first_number =
        '(?:[^0-9+]*(?:[+]|00)(?:[^0-9]*[0-9]){9,}?|' ~ next_line ~ '[^0-9+]*(?:[1-9]|0[^0-9]*[1-9])(?:[^0-9]*[0-9]){5,}?)' -%}
    {#- two numbers of which a blank alone tells one from the other: no number has that many digits -#}
    {%- set ten_digits = '[2-9][0-9]{2}[)]?[-. ]*[0-9]{3}[-. ]*[0-9]{4}' -%}
    {%- set area, toll_free = '[2-9][0-8][0-9]', '8(?:00|33|44|55|66|77|88)' -%}
    {#- calling codes (ITU-T E.164) without those of countries whose national numbers begin with a zero -#}
    {%- set codes = [
        '1', '7', '2(?:[07]|1[0-9]|2[0-46-8]|3[0-9]|4[03-9]|[5689][0-9])', '3(?:[0-46]|5[0-9]|7[0-79]|8[0-9])', '4(?:[013-9]|2[0-9])',
        '5(?:[1-8]|[09][0-9])', '6(?:[0-6]|[7-9][0-9])', '8(?:[1246]|[03578-9][0-9])', '9(?:[0-58]|[679][0-9])',
    ] -%}
    {{- return({
        'time_of_day': '(^|[^0-9])[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:[ap]m|[ap][.]m[.]?|uhr|h)\\b',
        'number_alone': '^[ (]*[+]?[0-9 ().-]*(?:[0-9]{3}|[ -][0-9]{2})$',
        'two_numbers': '^' ~ first_number
            ~ next_line ~ '[^0-9\\p{L};/|,&+\\n]*((?:[\\p{L};/|,&\\n][^0-9+]*[+]?|[+])(?:[^0-9]*[0-9]){7,}[^0-9]*)$',
        'two_apart': [
            '^(?:[^0-9+]*[+]|[^0-9]*0)(?:[^0-9]*[0-9]){8,13}?(\\s+(?:[-–]\\s*)?[+(]*0(?:[^0-9]*[0-9]){8,13}[^0-9]*)$',
            '^[^0-9]*(?:1[-. ]+)?' ~ ten_digits ~ next_line ~ '(\\s+(?:[-–]\\s*)?(?:[+]?1[-. ]+)?[(]?' ~ next_line ~ ten_digits ~ ')$',
        ],
        'letters_for_digits': [['([0-9][-.]?)o([-.]?[0-9])', '\\10\\2'], ['([0-9])[il]([0-9])', '\\11\\2']],
        'extensions': [
            [
                '([0-9](?:[^0-9#]*[^0-9\\p{L}#])?)(?:' ~ extension_words[:12] | join('|') ~ '|' ~ next_line
                    ~ extension_words[12:] | join('|') ~ ')(?:[^\\p{L}].*)?$', '\\1'
            ],
            ['^' ~ seven_digits ~ '[^0-9]*[,;][^0-9]*[0-9]{1,6}[^0-9]*$', '\\1'],
            ['^' ~ seven_digits ~ ' ?[-‐‑–—−] ?0$', '\\1'],
        ],
        'three_letters': '[a-z][^0-9]*[a-z][^0-9]*[a-z]',
        'vanity': '^[^0-9a-z]*(?:[+]?1[^0-9a-z]+)?' ~ toll_free ~ '(?:[^0-9a-z]*[0-9a-z]){7,9}[^0-9a-z]*$',
        'remarks': [
            ['^' ~ seven_digits ~ '[^0-9]*\\p{L}.*$', '\\1'],
            ['^((?:[^0-9]*[0-9]){9,}?)[^0-9]*/[^0-9]*[0-9]{1,3}[^0-9]*$', '\\1'],
            ['^((?:[^0-9]*[0-9]){10,}?)[^0-9]*/[^0-9]*[0-9]{4}[^0-9]*$', '\\1'],
        ],
        'trunk_zero_in_brackets': [
            ['^([^0-9+]*)[(]0[)]', '0'],
            ['((?:39|378)[^0-9]*)[(]0[)]', '\\1 0'],
            ['[^0-9+]*[(]0[)]|[^0-9+]+', ''],
        ],
        'trunk_zero': '^([+]36)06|^([+](?:' ~ codes[:4] | join('|') ~ '|' ~ next_line ~ codes[4:] | join('|') ~ '))0+',
        'north_american': '^[^0-9+]*(?:1[-. ]+)?(?:[(]' ~ area ~ '[)][-. ]*|' ~ area ~ '[-. ]+)[2-9][0-9]{2}[-.][0-9]{4}[^0-9]*$',
    }) -}}
{% endmacro %}
