{# SQL of the columns of a rule's keys, without rows. #}
{% macro _no_keys(spec, rule) -%}
select
    cast({{ rule.id }} as smallint) as rule_id,
    {{ dbt_dedup.hash_values(['record_key']) }} as key_hash,
    record_key
    {%- if spec.source_mode != 'both' %},
    source
    {%- endif %}
from records
where false
{%- endmacro %}
