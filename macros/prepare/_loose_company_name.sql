{#
    A standardized name of a company as one word, read loosely, so that names which people write in one of several ways are equal:
    no article in front, no `and`, number words of several languages as digits, ae, oe and ue as a, o and u (`Mueller`, `Müller`).
#}
{% macro _loose_company_name(name) %}
    {%- set number_words = [
        ('one', '1'), ('two|zwei|deux|dos|twee', '2'), ('three|drei|trois|tres|tre|drie', '3'), ('four|vier|quatre|cuatro|quattro', '4'),
        ('five|funf|cinq|cinco|cinque|vijf', '5'), ('six|sechs|seis|zes', '6'), ('seven|sieben|sept|siete|sette|zeven', '7'),
        ('eight|acht|huit|ocho|otto', '8'), ('nine|neun|neuf|nueve|nove|negen', '9'), ('ten|zehn|diez|dieci', '10'),
        ('eleven|elf|once', '11'), ('twelve|zwolf|zwoelf|douze|doce', '12'),
    ] -%}
    {%- set numbers, words = [], [] -%}
    {%- for word, digits in number_words -%}
        {%- do words.append(word) -%}
        {%- do numbers.append(['\\b(?:' ~ word ~ ')\\b', digits]) -%}
    {%- endfor -%}
    {%- set in_words = '\\b' ~ dbt_dedup._any_of(words) ~ '\\b' -%}
    {%- set in_digits = dbt_dedup.case_lines(
        ['when ' ~ dbt_dedup.matches_pattern(name, in_words) ~ '\n    then ' ~ dbt_dedup.replace_patterns(name, numbers)], name
    ) -%}
    {{- return(dbt_dedup.replace_pattern(
        in_digits, '^(?:die|der|das|la|le|les|el|los|las|il|lo|gli|het|de) |(?:\\band)? |([aou])e', '\\1'
    )) -}}
{% endmacro %}
