{#
    Jaro-Winkler similarity of two values, computed only where they differ. Of values longer than 100 bytes, the first 100
    characters: the cost grows with the product of the lengths.
#}
{% macro name_similarity(left, right) %}
    {{- return(
        "case when " ~ left ~ " = " ~ right ~ " then 1.0 when " ~ dbt_dedup.edit_length(left) ~ " <= 100 and "
        ~ dbt_dedup.edit_length(right) ~ " <= 100 then " ~ dbt_dedup.jaro_winkler(left, right) ~ " else "
        ~ dbt_dedup.jaro_winkler("left(" ~ left ~ ", 100)", "left(" ~ right ~ ", 100)") ~ " end"
    ) -}}
{% endmacro %}
