{# The regular expressions that take an e-mail address out of a folded text, by what they find. #}
{% macro _email_patterns() %}
    {%- set brackets = '\\s<>()\\[\\]{},;:|=\\x22\\x60«»“”„‹›' -%}
    {%- set local = '[^@/\\x27‘’‚' ~ brackets ~ '][^@' ~ brackets ~ ']*' -%}
    {%- set label = '[\\p{L}\\p{M}\\p{N}][\\p{L}\\p{M}\\p{N}-]*' -%}
    {%- set domain = '(?:' ~ label ~ '[.])+(?:xn--[a-z0-9-]+|[\\p{L}\\p{M}]{2,})' -%}
    {%- set next_line = "'\n        || '" -%}
    {{- return({
        'address_alone': '^[a-z0-9._%+-]+@([a-z0-9][a-z0-9-]*[.])+[a-z]{2,}$',
        'first_address': '(?:^|[/\\x27‘’‚' ~ brackets ~ '])(' ~ next_line ~ local ~ next_line ~ '@' ~ domain
            ~ next_line ~ ')(?:$|[^\\p{L}\\p{M}\\p{N}@_-])',
        'mistyped_address': '^' ~ local ~ next_line ~ '@(?:' ~ label ~ '[.])*(?:xn--[a-z0-9-]+|[\\p{L}\\p{M}]{2,})$',
        'at_in_words': [
            ['\\s*[\\[({<]\\s*(?:at|a|arroba)\\s*[\\])}>]\\s*', '@'],
            ['\\s*[\\[({<]\\s*(?:dot|punkt|punto|ponto|point)\\s*[\\])}>]\\s*', '.'],
            ['^([^@%]+)%40([^@%]+)$', '\\1@\\2'],
            ['^(\\S+)\\s+(?:at|arroba)\\s+([a-z0-9-]+(?:[.][a-z0-9-]+)*[.][a-z]{2,})$', '\\1@\\2'],
            ['^(\\S+)\\s+(?:at|arroba)\\s+(\\S+)\\s+(?:dot|punkt|punto|ponto|point)\\s+(\\S+)$', '\\1@\\2.\\3'],
        ],
        'around_at': [
            ['\\s*@+\\s*', '@'],
            ['\\s*[\\[({<]\\s*(?:dot|punkt|punto|ponto|point)\\s*[\\])}>]\\s*|。', '.'],
            ['^(?:%20)+', ''],
            ['([a-z])[‘’´`]([a-z])', "\\1''\\2"],
            ['(@[a-z0-9-]+[.](?:co|com|org|net|ac|gov|edu)),([a-z]{2})$', '\\1.\\2'],
            ['^(.+)_([^_@]+)#ext#@[^@]+[.]onmicrosoft[.]com$', '\\1@\\2'],
        ],
        'slips': [['\\s*[,.]+\\s*([a-z]{2,4})$', '.\\1'], ['^mailto:|[.,;]+$|^[<\\x22\\x27]+|[>\\x22\\x27]+$', '']],
    }) -}}
{% endmacro %}
