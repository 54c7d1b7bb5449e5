{# 1 where both sides hold the same value, 0 where they differ, null where a side is null. #}
{% macro same(column) %}
    {{- return("cast(l." ~ column ~ " = r." ~ column ~ " as double)") -}}
{% endmacro %}
