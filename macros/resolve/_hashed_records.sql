{#
    SQL of the records of an entity with a hash of each field as written, without case, and the engine whose hashes they are. It
    ends with `from`. `carry` are columns of stg_<entity>__records to go along.
#}
{% macro _hashed_records(entity_name, carry=[]) -%}
select
    record_id,
    source,
    {%- for column in carry %}
    {{ column }},
    {%- endfor %}
    {%- for field in dbt_dedup.entity(entity_name).fields %}
    case when {{ field.name }}__original is not null then {{ dbt_dedup.hash_values(['lower(' ~ field.name ~ '__original)']) }} end as {{ field.name }}__hash,
    {%- endfor %}
    {{ dbt_dedup.engine_version() }} as hashed_by
from {{ ref('stg_' ~ entity_name ~ '__records') }}
{%- endmacro %}
