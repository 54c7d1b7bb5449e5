{#
    Stops compilation with one message: the entity, the key, what was found and what is allowed. Where `allowed` is a list,
    the nearest name in it is suggested.
#}
{% macro spec_error(entity, key, found, allowed) %}
    {%- if allowed is string -%}
        {%- set expected = allowed -%}
    {%- else -%}
        {%- set nearest = dbt_dedup._nearest_name(found, allowed) -%}
        {%- set expected = 'one of ' ~ (allowed | join(', ')) ~ (". Did you mean '" ~ nearest ~ "'?" if nearest else '') -%}
    {%- endif -%}
    {{- exceptions.raise_compiler_error(
        "dbt_dedup: entity '" ~ entity ~ "', key '" ~ key ~ "': found '" ~ found ~ "', expected " ~ expected
    ) -}}
{% endmacro %}
