{#
    A mapping of the spec, checked key by key, with the default of each key that is missing or null. `keys` is a group of spec_keys,
    `within` what a message says in front of a key (`thresholds.`).
#}
{% macro _filled(entity, within, given, keys) %}
    {%- for key in given if key not in keys -%}
        {{- dbt_dedup.spec_error(entity, within ~ key, key, keys.keys() | list) -}}
    {%- endfor -%}
    {%- set filled = {} -%}
    {%- for key, rule in keys.items() -%}
        {%- set value = given.get(key) -%}
        {%- if value is none -%}
            {%- if rule.required -%}{{- dbt_dedup.spec_error(entity, within ~ key, 'nothing', 'a value: this key is required') -}}{%- endif -%}
            {%- do filled.update({key: rule.get('default')}) -%}
        {%- else -%}
            {%- if not dbt_dedup._is_allowed(value, rule) -%}
                {{- dbt_dedup.spec_error(
                    entity, within ~ key, value, dbt_dedup._expected(rule, dbt_dedup.spec_keys()[rule.each] if rule.each else none)
                ) -}}
            {%- elif rule.required and value is not number and not value -%}
                {{- dbt_dedup.spec_error(entity, within ~ key, 'nothing', 'a value: this key is required') -}}
            {%- endif -%}
            {%- do filled.update({key: value}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(filled) -}}
{% endmacro %}
