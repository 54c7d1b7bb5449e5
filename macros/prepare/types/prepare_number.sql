{# Numbers: currency signs, thousands separators and units left out. Options min and max bound what is possible. #}
{% macro prepare_number(field) %}
    {%- set f = field.name -%}
    {%- set problems = [{'name': 'unreadable', 'when': f ~ ' is null'}] -%}
    {%- if field.min is not none -%}{%- do problems.append({'name': 'too_small', 'when': f ~ ' < ' ~ field.min}) -%}{%- endif -%}
    {%- if field.max is not none -%}{%- do problems.append({'name': 'too_large', 'when': f ~ ' > ' ~ field.max}) -%}{%- endif -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(f ~ '__original', '[^0-9eE.+-]+', ''),
        'value': dbt_dedup.parse_number(f ~ '__clean'),
        'data_type': 'double',
        'problems': problems,
        'derived': {'rounded': 'cast(round(' ~ f ~ ') as varchar)'},
    }) -}}
{% endmacro %}
