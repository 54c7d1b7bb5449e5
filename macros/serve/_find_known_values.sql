{# SQL of how often each value occurs, by a hash of field and value (see int_<entity>__value_counts). #}
{% macro _find_known_values(entity_name) -%}
select
    {{ dbt_dedup.hash_values(['field', 'value']) }} as value_hash,
    records,
    rarity
from {{ ref('int_' ~ entity_name ~ '__value_counts') }}
order by value_hash asc
{%- endmacro %}
