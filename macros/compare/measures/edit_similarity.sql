{#
    1 - Levenshtein distance / length of the longer value, computed only where they differ, and over the first 100 characters:
    the cost grows with the product of the lengths.
#}
{% macro edit_similarity(left, right) %}
    {%- set l, r = 'left(' ~ left ~ ', 100)', 'left(' ~ right ~ ', 100)' -%}
    {{- return(
        "case when " ~ left ~ " = " ~ right ~ " then 1.0 else 1.0 - cast(" ~ dbt_dedup.edit_distance(l, r)
        ~ " as double) / greatest(" ~ dbt_dedup.edit_length(l) ~ ", " ~ dbt_dedup.edit_length(r) ~ ") end"
    ) -}}
{% endmacro %}
