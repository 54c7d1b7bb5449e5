{#
    The blocking rules of a spec in order. A rule is a list of keys; a key is a field or field.transform, where the
    transforms are the derived keys of the field's type.
#}
{% macro _entity_blocking(entity, given, fields) %}
    {%- set most_rules = dbt_dedup.method_constants().blocking_rules -%}
    {%- if given | length > most_rules -%}
        {{- dbt_dedup.spec_error(
            entity, 'blocking', given | length ~ ' rules', 'at most ' ~ most_rules ~ ' rules: a pair keeps one bit for each'
        ) -}}
    {%- endif -%}
    {%- set transforms = {} -%}
    {%- set lists = {} -%}
    {%- for field in fields -%}
        {%- set prepared = dbt_dedup.prepare_field(field) -%}
        {%- do lists.update({field.name: prepared.lists.keys() | list + prepared.record_lists.keys() | list + prepared.token_lists}) -%}
        {%- do transforms.update({
            field.name: prepared.derived_names + prepared.parts.keys() | list + lists[field.name]
        }) -%}
    {%- endfor -%}

    {%- set rules = [] -%}
    {%- for given_rule in given -%}
        {%- set rule = given_rule if given_rule is not string else [given_rule] -%}
        {%- set rule_number = loop.index0 -%}
        {%- if not rule or rule is mapping or rule is not sequence -%}
            {{- dbt_dedup.spec_error(entity, 'blocking[' ~ rule_number ~ ']', rule, 'a list of keys such as [email]') -}}
        {%- endif -%}
        {%- set parts = [] -%}
        {%- for key in rule -%}
            {%- set place = 'blocking[' ~ rule_number ~ ']' -%}
            {%- if key is not string -%}
                {{- dbt_dedup.spec_error(
                    entity, place, 'nothing' if key is none else key, 'a list of keys such as [email], each a field or field.transform'
                ) -}}
            {%- endif -%}
            {%- set field_name, dot, transform = key.partition('.') -%}
            {%- if field_name not in transforms -%}
                {%- set nearest = dbt_dedup._nearest_name(field_name, transforms.keys() | list) -%}
                {{- dbt_dedup.spec_error(
                    entity, place, key, 'one of ' ~ transforms.keys() | join(', ')
                    ~ (". Did you mean '" ~ nearest ~ dot ~ transform ~ "'?" if nearest else '')
                ) -}}
            {%- endif -%}
            {%- if dot and transform not in transforms[field_name] -%}
                {%- set offered = [] -%}
                {%- for offer in transforms[field_name] -%}{%- do offered.append(field_name ~ '.' ~ offer) -%}{%- endfor -%}
                {{- dbt_dedup.spec_error(entity, place, key, offered or field_name ~ ' without a transform: its type has none') -}}
            {%- endif -%}
            {%- do parts.append({
                'column': field_name ~ ('__' ~ transform if transform else ''),
                'is_list': transform in lists[field_name],
            }) -%}
        {%- endfor -%}
        {%- do rules.append({'id': loop.index0, 'name': rule | join(' + '), 'parts': parts}) -%}
    {%- endfor -%}
    {{- return(rules) -}}
{% endmacro %}
