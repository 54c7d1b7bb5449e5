{#
    The keys of a blocking rule as columns of int_<entity>__keyed_records: column, is_list. `key` is the place of the rule in the
    spec, `transforms` and `lists` are the transforms of each field, and those of them that are lists.
#}
{% macro _blocking_parts(entity, key, keys, transforms, lists) %}
    {%- if not keys or keys is string or keys is mapping or keys is not iterable -%}
        {{- dbt_dedup.spec_error(entity, key, keys, 'a list of keys such as [email]') -}}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for given in keys -%}
        {%- set field_name, _, transform = (given | string).partition('.') -%}
        {%- if field_name not in transforms -%}
            {{- dbt_dedup.spec_error(entity, key, given, transforms.keys() | list) -}}
        {%- endif -%}
        {%- if transform and transform not in transforms[field_name] -%}
            {%- set offered = [] -%}
            {%- for offer in transforms[field_name] -%}{%- do offered.append(field_name ~ '.' ~ offer) -%}{%- endfor -%}
            {{- dbt_dedup.spec_error(entity, key, given, offered) -}}
        {%- endif -%}
        {%- do parts.append({
            'column': field_name ~ ('__' ~ transform if transform else ''),
            'is_list': transform in lists[field_name],
        }) -%}
    {%- endfor -%}
    {{- return(parts) -}}
{% endmacro %}
