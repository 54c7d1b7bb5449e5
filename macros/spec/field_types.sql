{#
    The field types that this project knows: those for which both macros, prepare_<type> and compare_<type>, exist in the
    user's project or in this package. Empty in dbt v2, which does not list macros.
#}
{% macro field_types() %}
    {%- set types = [] -%}
    {%- for macros in [context['dbt_dedup'], context] if dbt_dedup._can_look_up_macros() -%}
        {%- for macro_name in macros.keys() if macro_name.startswith('prepare_') -%}
            {%- set type = macro_name[8:] -%}
            {%- if type not in types and dbt_dedup._type_macro('compare', type) -%}{%- do types.append(type) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(types | sort) -}}
{% endmacro %}
