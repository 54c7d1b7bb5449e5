{#
    Jaro-Winkler similarity of two texts, in [0, 1]; null where a side is null. It is computed only where they differ, and over
    no more of them than `compared_characters` of method_constants.
#}
{% macro name_similarity(left, right) %}
    {%- set longest = dbt_dedup.method_constants().compared_characters -%}
    {{- return(dbt_dedup.case_lines(
        [
            'when ' ~ left ~ ' = ' ~ right ~ ' then 1.0',
            'when ' ~ dbt_dedup.edit_length(left) ~ ' <= ' ~ longest ~ ' and ' ~ dbt_dedup.edit_length(right) ~ ' <= ' ~ longest
                ~ '\n    then ' ~ dbt_dedup.jaro_winkler(left, right),
        ],
        otherwise=dbt_dedup.jaro_winkler('left(' ~ left ~ ', ' ~ longest ~ ')', 'left(' ~ right ~ ', ' ~ longest ~ ')')
    )) -}}
{% endmacro %}
