{#
    The one reader of the entity spec (the project variable `dedup_entities`): checks it, fills the defaults and returns a
    dictionary. Every other macro takes what it needs from here. spec_keys describes each key.

    Reading a spec takes a fortieth of a second and every model asks for it, so what was read is kept in the graph of dbt, which
    all models of a run share. It is read again where the variable is another one, and in unit tests, which replace macros.
#}
{% macro entity(name) %}
    {%- set entities = var('dedup_entities', none) -%}
    {%- if entities is not mapping -%}
        {{- dbt_dedup.spec_error(
            name, 'dedup_entities', 'nothing' if entities is none else entities,
            'a mapping of entity names to their spec: the variable dedup_entities directly under `vars:` of dbt_project.yml'
        ) -}}
    {%- endif -%}
    {%- if name not in entities -%}
        {{- dbt_dedup.spec_error(name, 'dedup_entities', name, entities.keys() | list) -}}
    {%- endif -%}
    {%- if not modules.re.fullmatch('[A-Za-z][A-Za-z0-9_]{0,62}', name | string) or '__' in name -%}
        {{- dbt_dedup.spec_error(name, 'dedup_entities', name, 'an entity name of letters, digits and single underscores') -}}
    {%- endif -%}
    {%- set given = entities[name] -%}
    {%- if given is not mapping -%}
        {{- dbt_dedup.spec_error(
            name, 'dedup_entities.' ~ name, 'nothing' if given is none else given, 'a mapping with input, record_id, fields and blocking'
        ) -}}
    {%- endif -%}

    {%- set read = {} -%}
    {%- if execute and dbt_dedup._can_look_up_macros() and (model is not defined or model.resource_type != 'unit_test') -%}
        {%- set read = graph.setdefault('dbt_dedup', {}).setdefault(model.package_name if model is defined else '', {}) -%}
    {%- endif -%}
    {#- compared as text, because 0 equals false -#}
    {%- if name in read and read[name].given == given | string -%}{{- return(read[name].spec) -}}{%- endif -%}

    {%- set keys = dbt_dedup.spec_keys() -%}
    {%- set spec = dict({'name': name}, **dbt_dedup._filled(name, '', given, keys.entity)) -%}
    {%- for key in ['thresholds', 'targets'] -%}
        {%- do spec.update({key: dbt_dedup._filled(name, key ~ '.', spec[key], keys[key])}) -%}
    {%- endfor -%}
    {%- for key in ['source_priority', 'duplicate_free'] -%}{%- do spec.update({key: spec[key] | map('string') | list}) -%}{%- endfor -%}

    {%- do spec.update({'fields': dbt_dedup._entity_fields(name, spec.fields)}) -%}
    {%- do spec.update({'blocking': dbt_dedup._entity_blocking(name, spec.blocking, spec.fields)}) -%}
    {%- do spec.update({'features': dbt_dedup._entity_features(name, spec.fields, spec.features)}) -%}
    {%- set lone_evidence = dbt_dedup._lone_evidence(spec) -%}
    {%- do spec.update({
        'never': dbt_dedup._entity_sql_rules(name, 'never', spec.never) + ([lone_evidence] if lone_evidence else [])
    }) -%}
    {%- do dbt_dedup._check_entity_values(spec) -%}
    {%- do dbt_dedup._mark_with_spec(name, given) -%}
    {%- do read.update({name: {'given': given | string, 'spec': spec}}) -%}
    {{- return(spec) -}}
{% endmacro %}
