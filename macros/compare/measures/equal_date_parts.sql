{# The number of equal parts of two dates out of year, month and day, 0 to 3; null where a side is null. #}
{% macro equal_date_parts(field) %}
    {%- set parts = [] -%}
    {%- for part in ['year', 'month', 'day'] -%}
        {%- do parts.append(
            'cast(extract(' ~ part ~ ' from l.' ~ field ~ ') = extract(' ~ part ~ ' from r.' ~ field ~ ') as double)'
        ) -%}
    {%- endfor -%}
    {{- return(parts | join('\n+ ')) -}}
{% endmacro %}
