{# Jaro-Winkler similarity of two values, computed only where they differ. #}
{% macro name_similarity(left, right) %}
    {{- return(
        "case when " ~ left ~ " = " ~ right ~ " then 1.0 else " ~ dbt_dedup.jaro_winkler(left, right) ~ " end"
    ) -}}
{% endmacro %}
