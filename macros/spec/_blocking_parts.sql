{#
    The keys of a blocking rule as columns of int_<entity>__keyed_records: column, is_list. `key` is the place of the rule in the
    spec, `transforms` and `lists` are the transforms of each field, and those of them that are lists.
#}
{% macro _blocking_parts(entity, key, keys, transforms, lists) %}
    {%- if not keys or keys is string or keys is mapping or keys is not sequence -%}
        {{- dbt_dedup.spec_error(entity, key, 'nothing' if keys is none else keys, 'a list of keys such as [email]') -}}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for given in keys -%}
        {%- if given is not string -%}
            {{- dbt_dedup.spec_error(
                entity, key, 'nothing' if given is none else given, 'a list of keys such as [email], each a field or field.transform'
            ) -}}
        {%- endif -%}
        {%- set field_name, dot, transform = given.partition('.') -%}
        {%- if field_name not in transforms -%}
            {%- set nearest = dbt_dedup._nearest_name(field_name, transforms.keys() | list) -%}
            {{- dbt_dedup.spec_error(
                entity, key, given, 'one of ' ~ transforms.keys() | join(', ')
                ~ (". Did you mean '" ~ nearest ~ dot ~ transform ~ "'?" if nearest else '')
            ) -}}
        {%- endif -%}
        {%- if dot and transform not in transforms[field_name] -%}
            {%- set offered = [] -%}
            {%- for offer in transforms[field_name] -%}{%- do offered.append(field_name ~ '.' ~ offer) -%}{%- endfor -%}
            {{- dbt_dedup.spec_error(entity, key, given, offered or field_name ~ ' without a transform: its type has none') -}}
        {%- endif -%}
        {%- do parts.append({
            'column': field_name ~ ('__' ~ transform if transform else ''),
            'is_list': transform in lists[field_name],
        }) -%}
    {%- endfor -%}
    {{- return(parts) -}}
{% endmacro %}
