{# True (1) where both sides hold the same value, false (0) where they differ, null where a side is null. #}
{% macro same(column) %}
    {{- return("l." ~ column ~ " = r." ~ column) -}}
{% endmacro %}
