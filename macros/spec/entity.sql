{#
    The one reader of the entity spec (the project variable `dedup_entities`): checks it, fills the defaults and returns a
    dictionary. Every other macro takes what it needs from here. docs/spec.md describes each key.
#}
{% macro entity(name) %}
    {%- set entities = var('dedup_entities', {}) -%}
    {%- if name not in entities -%}
        {{- dbt_dedup.spec_error(name, 'dedup_entities', name, entities.keys() | list) -}}
    {%- endif -%}
    {%- set given = entities[name] -%}
    {%- if given is not mapping -%}
        {{- dbt_dedup.spec_error(name, 'dedup_entities.' ~ name, given, 'a mapping with input, record_id, fields and blocking') -}}
    {%- endif -%}

    {%- set defaults = dbt_dedup._entity_defaults() -%}
    {%- for key in given -%}
        {%- if key not in defaults -%}{{- dbt_dedup.spec_error(name, key, key, defaults.keys() | list) -}}{%- endif -%}
    {%- endfor -%}
    {%- for key in ['input', 'record_id', 'fields', 'blocking'] if not given.get(key) -%}
        {{- dbt_dedup.spec_error(name, key, 'nothing', 'a value: this key is required') -}}
    {%- endfor -%}

    {%- set spec = {'name': name} -%}
    {%- for key, default in defaults.items() -%}
        {%- do spec.update({key: given.get(key, default)}) -%}
    {%- endfor -%}
    {%- for key in ['thresholds', 'targets'] -%}
        {%- set values = given.get(key, {}) -%}
        {%- if values is not mapping -%}
            {{- dbt_dedup.spec_error(name, key, values, 'a mapping with some of ' ~ (defaults[key].keys() | join(', '))) -}}
        {%- endif -%}
        {%- for part in values if part not in defaults[key] -%}
            {{- dbt_dedup.spec_error(name, key ~ '.' ~ part, part, defaults[key].keys() | list) -}}
        {%- endfor -%}
        {%- do spec.update({key: dict(defaults[key], **values)}) -%}
    {%- endfor -%}

    {%- do spec.update({'fields': dbt_dedup._entity_fields(name, given.fields)}) -%}
    {%- do spec.update({'blocking': dbt_dedup._entity_blocking(name, given.blocking, spec.fields)}) -%}
    {%- do spec.update({'features': dbt_dedup._entity_features(name, spec.fields, given.get('features', []))}) -%}
    {%- do spec.update({'never': dbt_dedup._entity_never(name, given.get('never', []))}) -%}
    {%- do dbt_dedup._check_entity_values(spec) -%}
    {{- return(spec) -}}
{% endmacro %}
