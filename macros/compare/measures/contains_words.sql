{# 1 where the words of one text are part of the other (Mary, Mary Ann), 0 where they are not, null where a side is null. #}
{% macro contains_words(left, right) %}
    {{- return(dbt_dedup.case_lines([
        "when " ~ left ~ " = " ~ right ~ " then 1.0",
        "when ' ' || " ~ left ~ " || ' ' like '% ' || " ~ right ~ " || ' %' then 1.0",
        "when ' ' || " ~ right ~ " || ' ' like '% ' || " ~ left ~ " || ' %' then 1.0",
        "when " ~ left ~ " <> " ~ right ~ " then 0.0",
    ])) -}}
{% endmacro %}
