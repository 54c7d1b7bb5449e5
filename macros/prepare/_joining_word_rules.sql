{#
    Patterns for a folded name of a company (see replace_patterns) that write what joins two names as `and`, and `where`, a
    pattern of the names that they may change. A single letter joins only before a word: `e V` is a legal form.
#}
{% macro _joining_word_rules() %}
    {%- set words = "(?:und|et|og|och|en|es|ja|ve|y|e|i|u|[''‘’]?n[''‘’]?|и|та|і|й|και)" -%}
    {{- return({
        'rules': [
            [' +' ~ words ~ ' +([^ ]{2})', ' and \\1'],
            ['(\\p{L}[.]?) *[+] *(\\p{L})', '\\1 and \\2'],
            [' and +ass(?:oc)?[.]?( |$)', ' and associates\\1'],
        ],
        'where': ' ' ~ words ~ ' |[+]|and +ass',
    }) -}}
{% endmacro %}
