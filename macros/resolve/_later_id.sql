{# The id of an entity whose smallest record id gave its first id to another entity; `ids` is how many it gave, at least 1. #}
{% macro _later_id(record_id, ids) -%}
substr({{ dbt_dedup.text_digest(record_id ~ " || '#' || cast(greatest(" ~ ids ~ ", 1) as " ~ dbt_dedup.text_type() ~ ")") }}, 1, 16)
{%- endmacro %}
