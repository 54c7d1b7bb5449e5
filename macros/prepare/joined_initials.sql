{#
    A clean text in which single letters that follow one another are one word: `j r r` becomes `jrr`, as `JRR` is written, and
    `j smith` stays. `text` is a column: it is written several times.
#}
{% macro joined_initials(text) %}
    {#- two spaces between words, so that each single letter has its own on both sides; then the letters are marked -#}
    {%- set joined = 'trim(' ~ dbt_dedup.replace_patterns(text, [
        [' ', '  '], ['(^| )(\\p{L})( |$)', '\\1~\\2~\\3'], ['~  ~', ''], ['~', ''], [' +', ' ']
    ]) ~ ')' -%}
    {{- return(dbt_dedup.case_lines(
        ['when ' ~ dbt_dedup.matches_pattern(text, '(^| )\\p{L} \\p{L}( |$)') ~ '\n    then ' ~ joined], text
    )) -}}
{% endmacro %}
