{# How many of year, month and day two dates share, 0 to 3. #}
{% macro equal_date_parts(field) %}
    {%- set parts = [] -%}
    {%- for part in ['year', 'month', 'day'] -%}
        {%- do parts.append("cast(extract(" ~ part ~ " from l." ~ field ~ ") = extract(" ~ part ~ " from r." ~ field ~ ") as double)") -%}
    {%- endfor -%}
    {{- return(parts | join(' + ')) -}}
{% endmacro %}
