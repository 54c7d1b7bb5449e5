{#
    1 - edit distance / length of the longer value, in [0, 1]; null where a side is null. The distance is Levenshtein's, is
    computed only where the values differ, and reads no more of them than `compared_characters` of method_constants.
#}
{% macro edit_similarity(left, right) %}
    {%- set longest = dbt_dedup.method_constants().compared_characters -%}
    {%- set l, r = 'left(' ~ left ~ ', ' ~ longest ~ ')', 'left(' ~ right ~ ', ' ~ longest ~ ')' -%}
    {{- return(dbt_dedup.case_lines(
        ['when ' ~ left ~ ' = ' ~ right ~ ' then 1.0'],
        otherwise='1.0'
            ~ '\n    - cast(' ~ dbt_dedup.edit_distance(l, r) ~ ' as double)'
            ~ '\n    / greatest(' ~ dbt_dedup.edit_length(l) ~ ', ' ~ dbt_dedup.edit_length(r) ~ ')'
    )) -}}
{% endmacro %}
