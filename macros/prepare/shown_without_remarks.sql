{#
    What a golden record shows of a name: the text as it was meant (see readable_text), without remarks in brackets, signs and doubled spaces;
    the standardized value where nothing is left.
#}
{% macro shown_without_remarks(field_name) %}
    {%- set meant = field_name ~ '__meant' -%}
    {#- one search instead of two where there is nothing to remove, which is nearly everywhere -#}
    {%- set shown = dbt_dedup.case_lines(
        ['when ' ~ dbt_dedup.matches_pattern(meant, '[(\\[*#?]|' ~ dbt_dedup._doubled_spaces())
            ~ '\n    then ' ~ dbt_dedup.replace_patterns(meant, dbt_dedup._bracket_rules())],
        meant
    ) -%}
    {{- return('coalesce(nullif(trim(' ~ shown ~ "), ''), " ~ field_name ~ ')') -}}
{% endmacro %}
