{# 1 where the words of one side stand inside the other (Mary in Mary Ann), 0 where not, null where a side is null. #}
{% macro contains_words(left, right) %}
    {{- return(
        "case when " ~ left ~ " = " ~ right ~ " then 1.0"
        ~ " when ' ' || " ~ left ~ " || ' ' like '% ' || " ~ right ~ " || ' %' then 1.0"
        ~ " when ' ' || " ~ right ~ " || ' ' like '% ' || " ~ left ~ " || ' %' then 1.0"
        ~ " when " ~ left ~ " <> " ~ right ~ " then 0.0 end"
    ) -}}
{% endmacro %}
