{# Every option a field may have, with its default. #}
{% macro _field_defaults() %}
    {%- set defaults = {} -%}
    {%- for option, rule in dbt_dedup.spec_keys().field.items() -%}{%- do defaults.update({option: rule.get('default')}) -%}{%- endfor -%}
    {{- return(defaults) -}}
{% endmacro %}
