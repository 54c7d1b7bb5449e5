{#
    CTEs that end with rule_<n>, the keys of records under a rule of any kind: rule_id, key_hash, record_key, and source where the
    source mode needs it. They read a CTE `records`. `is_alone` leaves out the keys that depend on other records.
#}
{% macro _keys_of_rule(spec, rule, is_alone) -%}
{%- if rule.kind == 'top_k' -%}
{{ dbt_dedup._top_k_keys(spec, rule, is_alone) }}
{%- elif rule.kind == 'minhash' -%}
{{ dbt_dedup._minhash_keys(spec, rule) }}
{%- elif rule.kind == 'sorted_neighborhood' -%}
{{ dbt_dedup._sorted_neighborhood_keys(spec, rule, is_alone) }}
{%- else -%}
{{ dbt_dedup._equal_keys(spec, rule, 'rule_' ~ rule.id) }}
{%- endif -%}
{%- endmacro %}
