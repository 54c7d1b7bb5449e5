{# Whether a value, not null, is of the kind that a key of spec_keys has. What is inside a mapping or a list of mappings is not read. #}
{% macro _is_allowed(value, rule) %}
    {%- set kind = rule.is -%}
    {%- set is_list = value is sequence and value is not string and value is not mapping -%}
    {%- set is_number = value is number and value is not boolean and value > -1e308 and value < 1e308 -%}
    {%- if rule.auto and value is string -%}{{- return(value == 'auto') -}}{%- endif -%}
    {%- if kind == 'choice' -%}{{- return(value is string and value in rule.of) -}}{%- endif -%}
    {%- if kind == 'boolean' -%}{{- return(value is boolean) -}}{%- endif -%}
    {%- if kind == 'share' -%}{{- return(is_number and value >= 0 and value <= 1) -}}{%- endif -%}
    {%- if kind == 'number' -%}{{- return(is_number and value >= rule.from) -}}{%- endif -%}
    {%- if kind == 'whole number' -%}
        {{- return(is_number and value is integer and value >= rule.from and value < 9223372036854775807) -}}
    {%- endif -%}
    {%- if kind == 'direction' -%}{{- return(is_number and value is integer and value in [1, 0, -1]) -}}{%- endif -%}
    {%- if kind in ['mapping', 'fields'] -%}{{- return(value is mapping) -}}{%- endif -%}
    {%- if kind in ['list', 'rules'] -%}{{- return(is_list) -}}{%- endif -%}
    {%- if kind == 'bound' -%}
        {#- YAML reads 1900-01-02 as a date, which is neither a number nor a text -#}
        {{- return(is_number if value is number else value is not mapping and not is_list and (value | string | trim) != '') -}}
    {%- endif -%}
    {%- if kind == 'sources' -%}
        {%- if not is_list -%}{{- return(false) -}}{%- endif -%}
        {%- for source in value if source is not integer and (source is not string or not source | trim) -%}{{- return(false) -}}{%- endfor -%}
        {{- return(value | map('string') | unique | list | length == value | length) -}}
    {%- endif -%}
    {%- if kind == 'table or source' and is_list -%}
        {{- return(
            value | length == 2
            and dbt_dedup._is_allowed(value[0], {'is': 'table'}) and dbt_dedup._is_allowed(value[1], {'is': 'table'})
        ) -}}
    {%- endif -%}
    {%- if kind == 'columns' and is_list -%}
        {%- for column in value if not dbt_dedup._is_allowed(column, {'is': 'column'}) -%}{{- return(false) -}}{%- endfor -%}
        {{- return(value | length > 0 and value | map('lower') | unique | list | length == value | length) -}}
    {%- endif -%}
    {%- if kind == 'country' and value is not string -%}
        {#- YAML reads the code of Norway, NO, as false -#}
        {{- return(
            value is sameas false
            or value is mapping and value.keys() | list == ['column'] and dbt_dedup._is_allowed(value.column, {'is': 'column'})
        ) -}}
    {%- endif -%}

    {%- if value is not string or not value | trim or '{' ~ '{' in value or '{' ~ '%' in value -%}{{- return(false) -}}{%- endif -%}
    {%- if kind in ['text', 'sql'] -%}{{- return(true) -}}{%- endif -%}
    {%- set patterns = {
        'name': '[a-z][a-z0-9_]{0,62}',
        'type': '[A-Za-z][A-Za-z0-9_]*',
        'table': '\\w[\\w.$-]*',
        'table or source': '\\w[\\w.$-]*',
        'column': '[^"\\x00-\\x1f\\x7f]+',
        'columns': '[^"\\x00-\\x1f\\x7f]+',
        'folder': '[^\\x00-\\x1f\\x7f:\'"~/\\\\][^\\x00-\\x1f\\x7f:\'"]*',
    } -%}
    {%- if kind == 'folder' and '..' in value.replace('\\', '/').split('/') -%}{{- return(false) -}}{%- endif -%}
    {%- if kind == 'country' -%}
        {#- countries without telephones of their own have no calling plan -#}
        {{- return(value in ['AQ', 'BV', 'GS', 'HM', 'PN', 'TF', 'UM'] or dbt_dedup._calling_plans(only=value) | length > 0) -}}
    {%- endif -%}
    {{- return(modules.re.fullmatch(patterns[kind], value) is not none) -}}
{% endmacro %}
