{# int_<entity>__spec, one row: the entity spec with its defaults filled and its features listed, as JSON. #}
{% macro effective_spec(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set features = [] -%}
{%- for feature in spec.features -%}
    {%- do features.append({
        'name': feature.name,
        'field': feature.field,
        'direction': feature.direction,
        'description': feature.description,
    }) -%}
{%- endfor -%}
select
    '{{ spec.name }}' as entity,
    '{{ dbt_dedup.pretty_json(dict(spec, features=features)) | replace("'", "''") }}' as spec
{% endmacro %}
