{#
    Stops compilation with one message: the entity, the key, what was found and what is allowed. Where `allowed` is a list,
    the nearest name in it is suggested. What was found is shown without control and direction characters, and cut where it is long.
#}
{% macro spec_error(entity, key, found, allowed) %}
    {%- if allowed is string -%}
        {%- set expected = allowed -%}
    {%- else -%}
        {%- set nearest = dbt_dedup._nearest_name(found, allowed) -%}
        {%- set expected = 'one of ' ~ (allowed | join(', ')) ~ (". Did you mean '" ~ nearest ~ "'?" if nearest else '') -%}
    {%- endif -%}
    {%- set message = "dbt_dedup: entity '" ~ entity ~ "', key '" ~ dbt_dedup._plain(key) ~ "': found '" ~ dbt_dedup._plain(found) -%}
    {{- exceptions.raise_compiler_error(message ~ "', expected " ~ expected) -}}
{% endmacro %}
