{# int_<entity>__spec, one row: the entity spec with its defaults filled and its features listed, as JSON. #}
{% macro effective_spec(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = [] -%}
{%- for field in spec.fields -%}
    {%- set declared = dict(field) -%}
    {%- do declared.pop('prepared', none) -%}
    {%- do fields.append(declared) -%}
{%- endfor -%}
{%- set features = [] -%}
{%- for feature in spec.features -%}
    {%- do features.append({
        'name': feature.name,
        'field': feature.field,
        'direction': feature.direction,
        'description': feature.description,
    }) -%}
{%- endfor -%}
{#- the rule that lone_evidence adds follows from the fields -#}
{%- set never = spec.never | rejectattr('name', 'equalto', 'lone_evidence') | list -%}
select
    '{{ spec.name }}' as entity,
    '{{ dbt_dedup._pretty_json(dict(spec, fields=fields, features=features, never=never)) | replace("'", "''") }}' as spec
{% endmacro %}
