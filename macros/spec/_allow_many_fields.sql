{# Lets the engine take the SQL of the model that calls it where the entity has many fields (see _has_many_fields). #}
{% macro _allow_many_fields(spec) %}
    {%- if dbt_dedup._has_many_fields(spec) -%}
        {%- do config(pre_hook="{{ dbt_dedup.allow_long_queries() }}") -%}
    {%- endif -%}
{% endmacro %}
