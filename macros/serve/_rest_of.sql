{# SQL of the words of `whole` before or behind those of `part`; null where it does not begin or end with them. #}
{% macro _rest_of(part, whole) %}
    {{- return(dbt_dedup.case_lines([
        "when " ~ whole ~ " like " ~ part ~ " || ' %' then substr(" ~ whole ~ ", length(" ~ part ~ ") + 2)",
        "when " ~ whole ~ " like '% ' || " ~ part ~ " then left(" ~ whole ~ ", length(" ~ whole ~ ") - length(" ~ part ~ ") - 1)",
    ])) -}}
{% endmacro %}
