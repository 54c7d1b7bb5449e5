{#
    SQL of one row whose column `entries` maps the keys of a reference list to its entries. `lookup` says which: see
    prepare_field. The reference lists are seeds of the project and can be extended there.
#}
{% macro _lookup_map_of(lookup) %}
    {%- if lookup.get('many') -%}
select {{ dbt_dedup.lookup_map('lookup_key', 'entries') }} as entries
from (
    select
        {{ lookup.key }} as lookup_key,
        {{ dbt_dedup.item_list(lookup.entry, lookup.get('order')) }} as entries
    from {{ ref(lookup.seed) }}
    group by {{ lookup.key }}
) as listed
where lookup_key is not null
    {%- else -%}
select {{ dbt_dedup.lookup_map(lookup.key, lookup.entry) }} as entries
from {{ ref(lookup.seed) }}
    {%- endif -%}
{% endmacro %}
