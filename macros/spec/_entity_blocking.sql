{#
    The blocking rules of a spec in order. A rule is a list of keys, and its `kind` is `keys`, or a mapping that names a fuzzy kind
    (_fuzzy_rule). A key is a field or field.transform, where the transforms are the derived keys of the field's type.
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
    {%- set words = {} -%}
    {#- what a type says takes long to write out: only types that a rule reads a transform of are asked -#}
    {%- set read = tojson(given) -%}
    {%- for field in fields -%}
        {%- set is_read = field.name ~ '.' in read -%}
        {%- set prepared = dbt_dedup.prepare_field(field) if is_read else none -%}
        {%- do lists.update({
            field.name: prepared.lists.keys() | list + prepared.record_lists.keys() | list + prepared.token_lists if is_read else []
        }) -%}
        {%- do transforms.update({
            field.name: prepared.derived_names + prepared.parts.keys() | list + lists[field.name] if is_read else []
        }) -%}
        {%- do words.update({field.name: prepared.tokens if is_read}) -%}
    {%- endfor -%}

    {%- set rules = [] -%}
    {%- for given_rule in given -%}
        {%- set key = 'blocking[' ~ loop.index0 ~ ']' -%}
        {%- if given_rule is none or given_rule is not string and given_rule is not mapping and given_rule is not sequence -%}
            {{- dbt_dedup.spec_error(
                entity, key, 'nothing' if given_rule is none else given_rule, 'a list of keys such as [email]'
            ) -}}
        {%- endif -%}
        {%- if given_rule is mapping -%}
            {%- set rule = dbt_dedup._fuzzy_rule(entity, key, given_rule, transforms, lists, words) -%}
        {%- else -%}
            {%- set keys = given_rule if given_rule is not string else [given_rule] -%}
            {%- set rule = {
                'kind': 'keys',
                'name': keys | join(' + '),
                'parts': dbt_dedup._blocking_parts(entity, key, keys, transforms, lists),
            } -%}
        {%- endif -%}
        {%- do rules.append(dict({'id': loop.index0}, **rule)) -%}
    {%- endfor -%}
    {{- return(rules) -}}
{% endmacro %}
