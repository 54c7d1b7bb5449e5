{# 1 - Levenshtein distance / length of the longer value, computed only where they differ. #}
{% macro edit_similarity(left, right) %}
    {{- return(
        "case when " ~ left ~ " = " ~ right ~ " then 1.0 else 1.0 - cast(" ~ dbt_dedup.edit_distance(left, right)
        ~ " as double) / greatest(length(" ~ left ~ "), length(" ~ right ~ ")) end"
    ) -}}
{% endmacro %}
